// What the YAML library complains about, in the words of this project.
import type { YAMLParseError, YAMLWarning } from 'yaml';

interface Explanation {
  readonly message: string;
  readonly hint: string;
}

const EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  ALIAS_PROPS: { message: 'an alias cannot have an anchor or a tag', hint: '' },
  BAD_ALIAS: { message: 'not a proper alias or anchor name', hint: 'put text that starts with * or & in quotes' },
  BAD_COLLECTION_TYPE: { message: 'a tag that does not fit', hint: 'remove the tag' },
  BAD_DIRECTIVE: { message: 'an unknown directive', hint: 'remove the line that starts with %' },
  BAD_DQ_ESCAPE: { message: 'an unknown escape in double quotes', hint: 'use single quotes, or \\\\ for a backslash' },
  BAD_INDENT: { message: 'the indentation fits no level above', hint: 'align it with the keys it belongs to' },
  BAD_PROP_ORDER: { message: 'an anchor or tag in the wrong place', hint: 'put it after the `- `, `? ` or `: `' },
  BAD_SCALAR_START: { message: 'text cannot start with this character', hint: 'put the text in quotes' },
  BLOCK_AS_IMPLICIT_KEY: { message: 'a second `:` in one line', hint: 'put a value that holds `: ` in quotes' },
  BLOCK_IN_FLOW: { message: 'a block inside { } or [ ]', hint: 'is a closing bracket missing above?' },
  COMMENT_SPACE: { message: 'a comment needs a space before its #', hint: '' },
  KEY_OVER_1024_CHARS: { message: 'a key of more than 1024 characters', hint: 'is a closing bracket missing?' },
  MISSING_CHAR: { message: 'something is missing here', hint: 'a closing quote, bracket, comma or `:`?' },
  MULTILINE_IMPLICIT_KEY: { message: 'a key must stand on one line', hint: 'is a `:` missing above?' },
  MULTIPLE_ANCHORS: { message: 'two anchors at one place', hint: '' },
  MULTIPLE_DOCS: { message: 'a second document', hint: 'keep one document in a file' },
  MULTIPLE_TAGS: { message: 'two tags at one place', hint: '' },
  NON_STRING_KEY: { message: 'a key must be plain text', hint: '' },
  TAB_AS_INDENT: { message: 'a tab where only spaces are allowed', hint: 'indent with spaces' },
  TAG_RESOLVE_FAILED: { message: 'a tag that is not known here', hint: 'remove the tag (the word with `!`)' },
  UNEXPECTED_TOKEN: {
    message: 'this does not belong here',
    hint: 'is a quote, bracket, comma or `:` missing before it?',
  },
  BAD_LITERAL: { message: 'not a proper block text', hint: '' },
};

/** The message and hint for one complaint of the library. */
export function explainSyntaxError(error: YAMLParseError | YAMLWarning, text: string): Explanation {
  const [start] = error.pos;
  const near = text.slice(start, start + 1);
  if (error.code === 'MISSING_CHAR') {
    const missing = /(?:Missing closing|must end with a|Missing) (\S+)/.exec(error.message)?.[1];
    const quote = /Missing closing (["'])quote/.exec(error.message)?.[1];
    if (quote !== undefined) return { message: `a closing ${quote} is missing`, hint: '' };
    const bracket = /end with a ([\]}])/.exec(error.message)?.[1];
    if (bracket !== undefined) return { message: `a closing ${bracket} is missing`, hint: '' };
    if (missing === ',') return { message: 'a comma is missing here', hint: 'or put the text in quotes' };
    if (/Implicit map keys|implicit keys/i.test(error.message)) {
      return { message: 'a key without its `:`', hint: 'write `key: value`' };
    }
  }
  if (near === '\t') return EXPLANATIONS['TAB_AS_INDENT'] ?? { message: error.message, hint: '' };
  return EXPLANATIONS[error.code] ?? { message: error.message.split('\n')[0] ?? 'not YAML', hint: '' };
}
