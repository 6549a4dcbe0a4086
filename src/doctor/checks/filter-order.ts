import type { Check, FilterCheckInput } from '../check.ts';
import { type Fields, fieldsOf, isSet, messageIn } from '../fields.ts';
import type { Problem } from '../finding.ts';
import type { FilterPlace, HttpFilter } from '../installation.ts';

export const afterRouter: Check<FilterCheckInput> = ({ place }) =>
  place.manager.filters.slice(0, place.index).some(({ type }) => type.endsWith('.router.v3.Router'))
    ? {
        severity: 'danger',
        check: 'filter-order',
        set: 'ext_proc after the router',
        means: 'No exchange reaches the filter: the router is the last filter that runs. Envoy refuses this configuration.',
        put: order(place, { beforeOurs: () => false, afterOurs: isRouter }),
      }
    : undefined;

/** Answers pass the filters from the last to the first, requests from the first to the last. */
export const compressed: Check<FilterCheckInput> = (input) => {
  const { place } = input;
  const later = place.manager.filters.slice(place.index + 1).filter((filter) => !filter.disabled);
  const earlier = place.manager.filters.slice(0, place.index).filter((filter) => !filter.disabled);
  const problems: Problem[] = [];
  if (later.some(compressesAnswers))
    problems.push(inflated(input, 'compressor after ext_proc', 'Answers are compressed before the filter sees them', isCompressor));
  if (later.some(decompressesRequests))
    problems.push(
      inflated(input, 'decompressor after ext_proc', 'Requests are decompressed after the filter has seen them', isDecompressor),
    );
  if (earlier.some(compressesRequests))
    problems.push({
      ...inflated(input, 'compressor of requests before ext_proc', 'Requests are compressed before the filter sees them', () => false),
      put: order(place, { beforeOurs: () => false, afterOurs: isCompressor }),
    });
  return problems;
};

function inflated({ place }: FilterCheckInput, set: string, what: string, isMoved: (filter: HttpFilter) => boolean): Problem {
  return {
    severity: 'note',
    check: 'filter-order',
    set,
    means: `${what}: it inflates every body to read it, and one that it changes leaves plain.`,
    put: order(place, { beforeOurs: isMoved, afterOurs: () => false }),
  };
}

interface Moves {
  readonly beforeOurs: (filter: HttpFilter) => boolean;
  readonly afterOurs: (filter: HttpFilter) => boolean;
}

/** The filters by name in the order they should have, the rest of each as it is. */
function order({ manager, index }: FilterPlace, { beforeOurs, afterOurs }: Moves): NonNullable<Problem['put']> {
  const ours = manager.filters[index]!;
  const others = manager.filters.filter((_, at) => at !== index);
  const isEarlier = (filter: HttpFilter) => manager.filters.indexOf(filter) < index;
  const before = others.filter((one) => (isEarlier(one) && !afterOurs(one)) || beforeOurs(one));
  const after = others.filter((one) => !before.includes(one));
  return { into: 'connection manager', fields: { http_filters: [...before, ours, ...after].map(({ name }) => ({ name })) } };
}

function isRouter({ type }: HttpFilter): boolean {
  return type.endsWith('.router.v3.Router');
}

function isCompressor({ type }: HttpFilter): boolean {
  return type.endsWith('.compressor.v3.Compressor');
}

function isDecompressor({ type }: HttpFilter): boolean {
  return type.endsWith('.decompressor.v3.Decompressor');
}

function compressesAnswers(filter: HttpFilter): boolean {
  return isCompressor(filter) && isEnabled(commonConfig(filter.config['response_direction_config']));
}

/** Off unless its direction is written down. */
function compressesRequests(filter: HttpFilter): boolean {
  const direction = messageIn(filter.config['request_direction_config']);
  return isCompressor(filter) && direction !== undefined && isEnabled(commonConfig(direction));
}

function decompressesRequests(filter: HttpFilter): boolean {
  return isDecompressor(filter) && isEnabled(commonConfig(filter.config['request_direction_config']));
}

function commonConfig(direction: unknown): Fields {
  return fieldsOf(fieldsOf(direction)['common_config']);
}

/** A RuntimeFeatureFlag that is absent is on. */
function isEnabled(common: Fields): boolean {
  const flag = messageIn(common['enabled']);
  return flag === undefined || flag['default_value'] === undefined || isSet(flag['default_value']);
}
