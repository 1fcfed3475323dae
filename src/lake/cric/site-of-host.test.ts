import { describe, expect, it } from 'vitest';
import { countryOfHost, isAddress, siteOfHost } from './site-of-host.ts';

describe('the site of a host', () => {
  it.each([
    ['eoseulakehttp.cern.ch', 'CERN', 'host eoseulakehttp.cern.ch: cern.ch'],
    ['door05.pic.es', 'PIC', 'host door05.pic.es: pic.es'],
    ['dclxwp2dlds1.gsi.de', 'GSI', 'host dclxwp2dlds1.gsi.de: gsi.de'],
    ['ccdcalitest10.in2p3.fr', 'CC-IN2P3', 'host ccdcalitest10.in2p3.fr: in2p3.fr, hosts that begin with cc'],
    ['lapp-esc02.in2p3.fr', 'LAPP', 'host lapp-esc02.in2p3.fr: in2p3.fr, hosts that begin with lapp'],
    ['marsedpm.in2p3.fr', 'IN2P3', 'host marsedpm.in2p3.fr: in2p3.fr'],
    ['xfer.cr.cnaf.infn.it', 'CNAF', 'host xfer.cr.cnaf.infn.it: cnaf.infn.it'],
    ['t2-dpm-dome.na.infn.it', 'INFN-NAPOLI', 'host t2-dpm-dome.na.infn.it: na.infn.it'],
    ['se.ba.infn.it', 'INFN-BA', 'host se.ba.infn.it: ba.infn.it'],
    ['webdav.grid.sara.nl', 'SURFSARA', 'host webdav.grid.sara.nl: sara.nl'],
    ['lobster10.grid.surfsara.nl', 'SURFSARA', 'host lobster10.grid.surfsara.nl: surfsara.nl'],
    ['Door1.TRIUMF.ca', 'TRIUMF', 'host door1.triumf.ca: triumf.ca'],
    ['bohr3226.tier2.hep.manchester.ac.uk', 'MANCHESTER', 'host bohr3226.tier2.hep.manchester.ac.uk: manchester.ac.uk'],
    ['se.example.edu.au.', 'EXAMPLE', 'host se.example.edu.au: example.edu.au'],
    ['dtn.ac.uk', 'DTN', 'host dtn.ac.uk: dtn.ac.uk'],
  ])('%s is %s', (host, site, reason) => {
    expect(siteOfHost(host)).toEqual({ site, reason });
  });

  it.each(['193.204.89.93', '[2001:db8::1]', '2001:db8::1', 'localhost', 'a..b', ''])('%j tells none', (host) => {
    expect(siteOfHost(host)).toBeUndefined();
    expect(countryOfHost(host)).toBeUndefined();
  });

  it('an address is told from a name', () => {
    expect(['193.204.89.93', '[::1]', 'lapp01.in2p3.fr', '1.2.3.example'].map(isAddress)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

describe('the country of a host', () => {
  it.each([
    ['door05.pic.es', 'ES'],
    ['se.rl.ac.uk', 'GB'],
    ['se.bnl.gov', undefined],
    ['se.egi.eu', undefined],
  ])('%s is in %s', (host, country) => {
    expect(countryOfHost(host)).toBe(country);
  });
});
