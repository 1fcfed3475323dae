#!/usr/bin/env node
// The command `fdr`: hands over to the program under the pinned Node.
//
// A checkout runs its TypeScript sources. The published package carries JavaScript instead, since Node does not strip
// types below node_modules.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runWithRuntime } from './run-with-runtime.js';

const source = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
const built = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const main = existsSync(source) ? source : built;
runWithRuntime(['--disable-warning=ExperimentalWarning', main, ...process.argv.slice(2)]);
