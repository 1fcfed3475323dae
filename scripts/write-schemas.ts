// Writes the JSON Schemas and the language reference anew: `node bin/node.js scripts/write-schemas.ts`.
import { writeFile } from 'node:fs/promises';
import { inProject, publishedFiles } from './published-files.ts';

for (const [path, text] of await publishedFiles()) {
  await writeFile(inProject(path), text);
  process.stdout.write(`${path}\n`);
}
