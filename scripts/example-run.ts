// Makes the finished run that ships in reports/examples anew: `node bin/node.js scripts/example-run.ts`.
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = 'reports/examples';

process.chdir(fileURLToPath(new URL('../', import.meta.url)));
rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER);
const { status } = spawnSync(process.execPath, ['src/cli/main.ts', 'run', 'scenarios/laptop.yaml', '--out', FOLDER], {
  stdio: 'inherit',
});
// 3: not all expectations met. A run with either verdict is an example.
process.exitCode = status === 0 || status === 3 ? 0 : 1;
