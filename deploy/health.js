// Whether a service of this container answers: exit 0 when a GET of the URL says 2xx within three seconds, 1 when not.
//
//   node deploy/health.js http://127.0.0.1:8999/readyz
const url = process.argv[2] ?? 'http://127.0.0.1:8999/readyz';
try {
  const { ok } = await fetch(url, { signal: AbortSignal.timeout(3_000) });
  process.exitCode = ok ? 0 : 1;
} catch {
  process.exitCode = 1; // nobody listens, or nobody answers
}
