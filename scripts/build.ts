// Builds dist/ for publishing: Node does not strip types inside node_modules, so the package carries JavaScript.
import { execFileSync } from 'node:child_process';
import { cpSync, rmSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
rmSync(`${root}dist`, { recursive: true, force: true });
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
});
// What the sources read at run time: style sheets and the like.
cpSync(`${root}src`, `${root}dist`, {
  recursive: true,
  filter: (path) => !path.includes('test-data') && (statSync(path).isDirectory() || !path.endsWith('.ts')),
});
