// How large a file is: it follows from the scenario's seed, the process, the dataset's number and the file's number.
import { draw, type Law } from '../core/law.ts';
import { RandomStream } from '../core/random.ts';

/** The stream of file sizes of one workflow or background activity. Named, not numbered: others that join change nothing. */
export function fileSizeStream(seed: number, experiment: string, workflow: string): RandomStream {
  return new RandomStream(seed, `sizes of ${experiment}/${workflow}`);
}

/** Bytes of one file: whole, and at least 1. */
export function fileSizeBytes(law: Law, stream: RandomStream, dataset: number, file: number): number {
  return Math.max(1, Math.round(draw(law, stream, dataset, file)));
}
