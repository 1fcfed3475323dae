// The schema of report.json, from which its type and schema/report.schema.json are made.
import { Type, type Static } from 'typebox';
import { PAGE_KINDS, REPORT_SCHEMA } from './document.ts';

const closed = { additionalProperties: false };
const words = <Word extends string>(all: readonly Word[]) => Type.Unsafe<Word>({ enum: [...all] });
const value = Type.Union([Type.String(), Type.Number(), Type.Null()], {
  description: 'In the unit that the name of the column ends with; null where there is nothing.',
});

const paragraph = Type.Object({ kind: Type.Literal('paragraph'), text: Type.String() }, closed);

const list = Type.Object(
  { kind: Type.Literal('list'), items: Type.Array(Type.String()) },
  { ...closed, description: 'Sentences, the most important first.' },
);

const facts = Type.Object(
  {
    kind: Type.Literal('facts'),
    items: Type.Array(Type.Object({ label: Type.String(), value, text: Type.String(), note: Type.String() }, closed)),
  },
  { ...closed, description: 'Figures, each with its name; the value is in base units (bytes, seconds, shares 0..1).' },
);

const table = Type.Object(
  {
    kind: Type.Literal('table'),
    id: Type.String({ description: 'Unique in its page.' }),
    caption: Type.String(),
    columns: Type.Array(
      Type.Object(
        { id: Type.String({ description: 'Stable; ends with the unit where there is one.' }), title: Type.String() },
        closed,
      ),
    ),
    rows: Type.Array(Type.Array(value, { description: 'One value for each column.' })),
  },
  closed,
);

const chart = Type.Object(
  { kind: Type.Literal('chart'), id: Type.String(), title: Type.String(), caption: Type.String() },
  { ...closed, description: 'A chart of report.html in words; its points are in series.parquet.' },
);

const section = Type.Object(
  {
    id: Type.String({ description: 'Unique in its page.' }),
    title: Type.String(),
    blocks: Type.Array(Type.Union([paragraph, list, facts, table, chart])),
  },
  closed,
);

const verdict = words(['met', 'not-met', 'no-data', 'stopped', 'nothing-to-judge'] as const);

const page = Type.Object(
  {
    id: Type.String({ description: 'Its address within report.html, after the #.' }),
    kind: words(PAGE_KINDS),
    name: Type.String({ description: 'The site, service or experiment.' }),
    title: Type.String(),
    verdict: Type.Union([verdict, Type.Null()]),
    lead: Type.String({ description: 'The page in one or two sentences.' }),
    sections: Type.Array(section),
  },
  closed,
);

export const reportSchema = Type.Object(
  {
    schema: Type.Literal(REPORT_SCHEMA),
    version: Type.String({ description: 'Of fdr.' }),
    title: Type.String(),
    verdict: words(['met', 'not-met', 'stopped', 'nothing-to-judge'] as const),
    pages: Type.Array(page, { description: 'The front page, then one for each site, service and experiment.' }),
  },
  {
    ...closed,
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'report.json of a run folder',
    description: 'What report.html shows, as data: pages of sections of blocks, with raw values.',
  },
);

export type ReportFile = Static<typeof reportSchema>;
