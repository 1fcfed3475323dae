// `${NAME}` and `${NAME:-default}` in values, from the environment.

export type Environment = Readonly<Record<string, string | undefined>>;

export type Substitution =
  | { readonly value: string | number | boolean | null; readonly changed: boolean }
  | { readonly offset: number; readonly message: string; readonly hint: string };

const REFERENCE = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)(:-([^}]*))?\}|\$\{/g;

/**
 * Replaces every `${NAME}` by the variable's value, and `${NAME:-default}` by the default where the variable is unset
 * or empty; `$${` stands for `${`. What results is read as if it had been written there without quotes, so that
 * `"${SEED:-7}"` is a number. Gives the offset and the message of the first mistake where there is one.
 */
export function substitute(text: string, environment: Environment): Substitution {
  let failure: { offset: number; message: string; hint: string } | undefined;
  const result = text.replace(REFERENCE, (match: string, name: string | undefined, _: unknown, ...rest: unknown[]) => {
    const fallback = rest[0] as string | undefined;
    const offset = rest[1] as number;
    if (match === '$${') return '${';
    if (name === undefined) {
      failure ??= { offset, message: 'no proper ${NAME} or ${NAME:-default}', hint: 'write $${ for a plain ${' };
      return '';
    }
    const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
    if (value !== undefined && value !== '') return value;
    if (fallback !== undefined) return fallback;
    failure ??= {
      offset,
      message: `the environment has no ${name}`,
      hint: `set it, or give a default: \${${name}:-...}`,
    };
    return '';
  });
  if (failure !== undefined) return failure;
  if (result === text) return { value: text, changed: false };
  if (result.length > 10_000) return { offset: 0, message: 'too long once ${...} is replaced', hint: '' };
  return { value: plainScalar(result), changed: true };
}

/** A text as YAML's core schema reads it without quotes (YAML 1.2.2, section 10.3.2). */
export function plainScalar(text: string): string | number | boolean | null {
  const plain = text.trim();
  if (/^(?:null|Null|NULL|~|)$/.test(plain)) return null;
  if (/^(?:true|True|TRUE)$/.test(plain)) return true;
  if (/^(?:false|False|FALSE)$/.test(plain)) return false;
  if (/^[-+]?(?:\d+|\d*\.\d+|\d+\.)(?:[eE][-+]?\d+)?$/.test(plain)) {
    const value = Number(plain);
    if (Number.isFinite(value)) return value;
  }
  return plain;
}
