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
  BLOCK_IN_FLOW: { message: 'a comma or a closing bracket is missing before this', hint: '' },
  COMMENT_SPACE: { message: 'a comment needs a space before its #', hint: '' },
  KEY_OVER_1024_CHARS: { message: 'a key of more than 1024 characters', hint: 'is a closing bracket missing?' },
  MULTILINE_IMPLICIT_KEY: { message: 'a line without its `:`', hint: 'write `key: value`' },
  MULTIPLE_ANCHORS: { message: 'two anchors at one place', hint: '' },
  MULTIPLE_DOCS: { message: 'a second document', hint: 'keep one document in a file' },
  MULTIPLE_TAGS: { message: 'two tags at one place', hint: '' },
  NON_STRING_KEY: { message: 'a key must be plain text', hint: '' },
  TAB_AS_INDENT: { message: 'a tab where only spaces are allowed', hint: 'indent with spaces' },
  TAG_RESOLVE_FAILED: { message: 'a tag that is not known here', hint: 'remove the tag (the word with `!`)' },
  TOO_DEEP: { message: 'indented deeper than the value above allows', hint: 'align it with the keys it belongs to' },
  UNEXPECTED_TOKEN: {
    message: 'this does not belong here',
    hint: 'is a quote, bracket, comma or `:` missing before it?',
  },
  BAD_LITERAL: { message: 'not a proper block text', hint: '' },
};

/** The message, hint and place for one complaint of the library. */
export function explainSyntaxError(
  error: YAMLParseError | YAMLWarning,
  text: string,
): Explanation & { readonly offset: number } {
  const [start, end] = error.pos;
  const plain = (code: string, offset = start): Explanation & { offset: number } => ({
    ...(EXPLANATIONS[code] ?? { message: firstLine(error.message), hint: '' }),
    offset,
  });
  if (text[start] === '\t') return plain('TAB_AS_INDENT');
  const missing = /end with a ([\]}])/.exec(error.message)?.[1];
  if (missing !== undefined) return { message: `a closing ${missing} is missing before this`, hint: '', offset: start };
  if (error.code === 'MISSING_CHAR') return { ...missingCharacter(error.message), offset: start };
  if (error.code === 'BLOCK_AS_IMPLICIT_KEY' && error.message.includes('sequence')) return plain('BAD_INDENT');
  const newline = text.slice(start, end + 200).indexOf('\n');
  const goesOn = /^\n*( +)\S/.exec(text.slice(start + Math.max(newline, 0)));
  if (error.code === 'BLOCK_AS_IMPLICIT_KEY' && goesOn !== null && isWholeValue(text.slice(start), newline)) {
    // `a: 1` and a deeper `b: 2` below it: the second line is where to look.
    return plain('TOO_DEEP', start + newline + goesOn[0].length - 1);
  }
  return plain(error.code);
}

/** The rest of the line has no `: ` of its own. */
function isWholeValue(rest: string, newline: number): boolean {
  return newline >= 0 && !/:(?:\s|$)/.test(rest.slice(0, newline));
}

function missingCharacter(message: string): Explanation {
  if (message.includes('Missing ,')) return { message: 'a comma is missing before this', hint: '' };
  if (message.includes('space after :')) return { message: 'a space is missing after the `:`', hint: '' };
  if (message.includes('followed by map values'))
    return { message: 'a key without its `:`', hint: 'write `key: value`' };
  if (message.includes('Comments')) return { message: 'a comment needs a space before its #', hint: '' };
  if (message.includes('Tags and anchors')) return { message: 'a space is missing after this anchor or tag', hint: '' };
  return { message: 'something is missing here', hint: '' };
}

function firstLine(message: string): string {
  return message.split('\n')[0] ?? message;
}
