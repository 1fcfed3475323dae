// The most that a scenario or lake may ask for. Whoever asks for more is refused, with the limit named.

export const LIMITS = {
  /** Bytes of one file. */
  fileBytes: 5_000_000,
  /** Mappings and lists inside each other. */
  nesting: 40,
  /** Values in one file after its aliases are expanded. */
  values: 250_000,
  /** Words, signs, spaces and line ends of one file, as a reader of YAML takes it apart. */
  pieces: 1_500_000,
  /** Characters of one piece of text. */
  textLength: 10_000,
  nameLength: 64,
  sites: 1_000,
  storages: 2_000,
  caches: 1_000,
  links: 40_000,
  experiments: 100,
  workflows: 200,
  background: 100,
  faults: 10_000,
  expectations: 1_000,
  /** Steps of one kind in one workflow. */
  steps: 100,
  /** 31 days: series are kept per minute. */
  durationSeconds: 31 * 86400,
  datasets: 10_000_000,
  filesPerDataset: 10_000_000,
  /** Operations that a scenario plans in all. */
  operations: 100_000_000,
} as const;
