import { CATALOGUE } from '../detect/catalogue.ts';
import { detectorId } from '../detect/detector.ts';
import { createLaneEngine } from '../detect/lane-engine.ts';
import { renderText } from '../respond/splice.ts';

/** Names remembered with what became of them: the same models, hosts and paths come again with every exchange. */
const KNOWN_NAMES_MAX = 4096;
/** Longest name that is read; names in telemetry are cut far below. */
const NAME_UNITS_MAX = 4096;

/**
 * What every near-certain detector of personal data and secrets makes of a name (model, tool, host, path) before it leaves as telemetry: sensitive parts replaced,
 * whatever the policy does with traffic.
 */
export function createNameRedaction(): (name: string) => string {
  const engine = createLaneEngine(
    CATALOGUE.filter(({ family, tier }) => tier === 'block' && (family === 'pii' || family === 'secret')).map((detector) => ({
      id: detectorId(detector),
      detector,
      severity: detector.severity,
      confidence: detector.confidence,
      action: 'redact',
    })),
  );
  const known = new Map<string, string>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const safe = redacted(name);
    if (known.size >= KNOWN_NAMES_MAX) known.clear();
    known.set(name, safe);
    return safe;
  };

  function redacted(name: string): string {
    const text = name.slice(0, NAME_UNITS_MAX);
    if (engine.isQuiet(text)) return text;
    const scan = engine.open({ stopAtDenial: false });
    scan.push(text);
    scan.end();
    return renderText(text, scan.edits);
  }
}
