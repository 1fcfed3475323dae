#!/usr/bin/env node
// The command `fdr`: hands over to src/cli/main.ts under the pinned Node.
import { fileURLToPath } from 'node:url';
import { runWithRuntime } from './run-with-runtime.js';

const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
runWithRuntime(['--disable-warning=ExperimentalWarning', main, ...process.argv.slice(2)]);
