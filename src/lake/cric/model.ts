// What a CRIC export says of a lake, in one shape whatever form it came in.
import type { ProtocolActivity } from '../lake.ts';

export interface CricExport {
  readonly storages: readonly CricStorage[];
  readonly distances: readonly CricDistance[];
  /** Virtual organisations that the storages name, in order of appearance. */
  readonly organisations: readonly string[];
}

export interface CricStorage {
  readonly name: string;
  /** JSON pointer into the export. */
  readonly pointer: string;
  /** The resource centre, where CRIC knows it. */
  readonly site: string | undefined;
  /** ISO 3166 code, or the country's name where CRIC has only that. */
  readonly country: string | undefined;
  readonly position: { readonly latitude: number; readonly longitude: number } | undefined;
  readonly isTape: boolean;
  readonly fts: readonly string[];
  readonly isDeterministic: boolean;
  readonly verifyChecksum: boolean;
  /** Space granted, where CRIC knows it. */
  readonly spaceBytes: number | undefined;
  readonly qosClass: string | undefined;
  readonly attributes: ReadonlyMap<string, string>;
  /** What CRIC's editors wrote about it. */
  readonly comment: string | undefined;
  readonly protocols: readonly CricProtocol[];
}

export interface CricProtocol {
  readonly name: string;
  readonly scheme: string;
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly path: string;
  /** 1 is the first choice; an activity that is not there is not allowed. */
  readonly ranks: ReadonlyMap<ProtocolActivity, number>;
}

export interface CricDistance {
  readonly from: string;
  readonly to: string;
  readonly distance: number;
}
