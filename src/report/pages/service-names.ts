// What the services are called in reports: what each does, and the system that the field knows for it.

const TITLES: Readonly<Record<string, string>> = {
  catalogue: 'Catalogue (Rucio)',
  transfers: 'Transfers (FTS)',
  tokens: 'Tokens (IAM)',
  topology: 'Topology (CRIC)',
  'network-monitor': 'Network monitor (perfSONAR)',
  monitoring: 'Monitoring',
};

export function serviceTitle(name: string): string {
  return TITLES[name] ?? name;
}
