#!/usr/bin/env node
// Runs any program under the pinned Node: `node bin/node.js FILE ARGUMENTS`. The npm scripts use it.
import { runWithRuntime } from './run-with-runtime.js';

runWithRuntime(process.argv.slice(2));
