// Keeps the memory of a long run as small as that of a short one.
//
// What a run needs at a time is small and stays so, but the engine collects what is no longer needed only when its heap has
// grown a good deal, and it grows the more the longer there is garbage. Collecting now and then costs a few thousandths of
// the run's time and holds the heap where it was.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Turns of the simulator between two collections: about half a million events, which leave some 100 MB behind. */
const TURNS = 25;

/** To be called at each turn of a run. */
export function memoryKeeper(): () => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  let turn = 0;
  return () => {
    turn++;
    if (turn % TURNS === 0) collect();
  };
}
