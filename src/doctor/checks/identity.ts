import { type Check, type FilterCheckInput, remedyFor, type UseCheckInput, unread } from '../check.ts';
import { type Fields, fieldsOf, messagesIn, textIn, typeOf } from '../fields.ts';
import type { Problem } from '../finding.ts';
import type { ConnectionManager, FilterPlace, HttpFilter } from '../installation.ts';
import { shown } from '../shown.ts';

/**
 * A header that the policy trusts has to be removed or overwritten before the filter sees it. What a route configuration adds or removes
 * does not count: Envoy's router does that, after every filter has run.
 */
export const trustedHeaders: Check<FilterCheckInput> = ({ place, needs }) =>
  needs.identity.headers.flatMap((name): Problem[] => {
    if (isSanitised(place, name)) return [];
    const isByToken = before(place).some((filter) => setsClaim(filter, name));
    return [
      {
        severity: isByToken ? 'warning' : unread(needs),
        check: 'trusted-header',
        set: isByToken ? `claim_to_headers or forward_payload_header: ${shown(name)}` : `${shown(name)}: as the client sends it`,
        means: isByToken
          ? 'The policy believes this header, and jwt_authn removes what a client sends in it only where one of its rules asks for that provider.'
          : 'The policy believes this header to say who calls, and nothing before the filter removes or overwrites what a client sends in it.',
        put: { into: 'connection manager', fields: { early_header_mutation_extensions: [...place.manager.earlyMutations, removal(name)] } },
      },
    ];
  });

const EARLY_MUTATION = 'envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation';

function removal(name: string): Fields {
  const config = { '@type': `type.googleapis.com/${EARLY_MUTATION}`, mutations: [{ remove: name }] };
  return { name: `sluice.without.${name}`, typed_config: config };
}

function isSanitised(place: FilterPlace, name: string): boolean {
  const early = place.manager.earlyMutations.map((extension) => fieldsOf(extension['typed_config']));
  const mutations = [
    ...early.filter((config) => typeOf(config) === EARLY_MUTATION).flatMap((config) => messagesIn(config['mutations'])),
    ...before(place)
      .filter(({ type }) => type.endsWith('.header_mutation.v3.HeaderMutation'))
      .flatMap(({ config }) => messagesIn(fieldsOf(config['mutations'])['request_mutations'])),
  ];
  return mutations.some((mutation) => removes(mutation, name) || overwrites(mutation, name));
}

/** The filters that have seen every request before ours does. */
function before({ manager, index }: FilterPlace): readonly HttpFilter[] {
  return manager.filters.slice(0, index).filter(({ disabled, conditional }) => !disabled && !conditional);
}

function removes(mutation: Fields, name: string): boolean {
  const matcher = fieldsOf(fieldsOf(mutation['remove_on_match'])['key_matcher']);
  return isName(mutation['remove'], name) || isName(matcher['exact'], name);
}

/** The default of `append_action` adds a value beside the client's own. */
function overwrites(mutation: Fields, name: string): boolean {
  const append = fieldsOf(mutation['append']);
  const action = append['append_action'];
  const isOverwriting = action === 'OVERWRITE_IF_EXISTS_OR_ADD' || action === 'OVERWRITE_IF_EXISTS' || action === 2 || action === 3;
  return isOverwriting && isName(fieldsOf(append['header'])['key'], name);
}

function setsClaim(filter: HttpFilter, name: string): boolean {
  if (!isJwtAuthn(filter)) return false;
  return providersOf(filter).some(
    (provider) =>
      isName(provider['forward_payload_header'], name) ||
      messagesIn(provider['claim_to_headers']).some((claim) => isName(claim['header_name'], name)),
  );
}

function isName(value: unknown, name: string): boolean {
  return textIn(value)?.toLowerCase() === name;
}

/** `x-forwarded-client-cert` is believed: Envoy has to write its own peer into it. */
export const forwardedCertificate: Check<FilterCheckInput> = ({ place, needs }) => {
  const { xfcc } = needs.identity;
  if (xfcc === undefined) return [];
  const { forwardedCertificates: set } = place.manager;
  const wanted = xfcc.trustedHops === 0 ? 'SANITIZE_SET' : 'APPEND_FORWARD';
  const problem = (severity: Problem['severity'], means: string): Problem => ({
    severity,
    check: 'forwarded-certificate',
    set: `forward_client_cert_details: ${set}`,
    means,
    put: { into: 'connection manager', fields: forwarding(wanted) },
  });
  switch (set) {
    case 'APPEND_FORWARD':
      return [];
    case 'SANITIZE_SET':
      return xfcc.trustedHops === 0
        ? []
        : [problem('warning', 'Envoy drops what the trusted proxies wrote: no caller is ever told by its certificate.')];
    case 'SANITIZE':
      return [problem('warning', 'Envoy removes the header that the policy reads: no caller is ever told by its certificate.')];
    case 'FORWARD_ONLY':
    case 'ALWAYS_FORWARD_ONLY':
      return [problem(unread(needs), 'The policy believes x-forwarded-client-cert, and Envoy lets clients write it.')];
  }
};

/** With the names that identities are made of; Envoy always adds the hash. */
function forwarding(details: ConnectionManager['forwardedCertificates']): Fields {
  return { forward_client_cert_details: details, set_current_client_cert_details: { subject: true, uri: true, dns: true } };
}

const CERTIFICATE_ATTRIBUTES = {
  spiffe: 'connection.uri_san_peer_certificate',
  'mtls-san': 'connection.dns_san_peer_certificate',
  'mtls-cn': 'connection.subject_peer_certificate',
} as const;

/** What tells callers by the certificate of their connection. */
export const certificateAttributes: Check<UseCheckInput> = (input) => {
  const { identity } = input.needs;
  const { requestAttributes: sent } = input.use.settings;
  const wanted = identity.xfcc === undefined ? identity.certificates.map((source) => CERTIFICATE_ATTRIBUTES[source]) : [];
  const missing = wanted.filter((name) => !sent.includes(name));
  if (missing.length === 0) return undefined;
  return {
    severity: 'warning',
    check: 'certificate-attributes',
    set: `request_attributes without ${missing.join(', ')}`,
    means: "Agents that the policy tells by the client's certificate are not known: they count as unknown callers.",
    put: remedyFor(input, { request_attributes: [...sent, ...missing] }),
  };
};

const JWT_AUTHN = 'envoy.filters.http.jwt_authn';

const isJwtAuthn = ({ type }: HttpFilter): boolean => type.endsWith('.jwt_authn.v3.JwtAuthentication');

const providersOf = ({ config }: HttpFilter): readonly Fields[] => Object.values(fieldsOf(config['providers'])).map(fieldsOf);

/** What tells callers by a token that Envoy has verified. */
export const tokenMetadata: Check<FilterCheckInput> = ({ place, needs }) => {
  if (needs.identity.jwtAuthn.length === 0) return [];
  const isBefore = before(place).some(isJwtAuthn);
  const { forwardedMetadata: sent } = place.settings;
  if (isBefore && sent.includes(JWT_AUTHN)) return [];
  const fields = { metadata_options: { forwarding_namespaces: { untyped: [...new Set([...sent, JWT_AUTHN])] } } };
  const means = 'Agents that the policy tells by a token which Envoy has verified (identity.jwtAuthn) count as unknown callers.';
  if (!isBefore) return [{ severity: 'warning', check: 'token-filter', set: 'no jwt_authn before ext_proc', means }];
  const set = `forwarding_namespaces without ${JWT_AUTHN}`;
  return [{ severity: 'warning', check: 'token-metadata', set, means, put: { into: 'ext_proc filter', fields } }];
};

/** jwt_authn leaves a payload under a name of its provider, and the policy reads it under its own. */
export const tokenPayload: Check<FilterCheckInput> = ({ place, needs }) => {
  const filters = before(place).filter(isJwtAuthn);
  if (filters.length === 0) return [];
  const names = filters.flatMap(providersOf).flatMap((provider) => textIn(provider['payload_in_metadata']) ?? []);
  return needs.identity.jwtAuthn
    .filter((name) => !names.includes(name))
    .map((name) => ({
      severity: 'warning',
      check: 'token-payload',
      set: `payload_in_metadata: ${names.length === 0 ? 'absent' : names.map(shown).join(', ')}`,
      means: `The policy reads verified tokens under the name ${shown(name)} (identity.jwtAuthn), and no provider of jwt_authn leaves any there: their callers are unknown. Put that name into the provider's payload_in_metadata.`,
    }));
};
