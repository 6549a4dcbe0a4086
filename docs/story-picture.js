// Draws docs/story.svg from what `sluice up --story` really prints: `npm run docs`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.dirname(import.meta.dirname);
const COLUMNS = 134;
const CHARACTER = { width: 7.8, height: 18 };
const MARGIN = 18;
const COLORS = { 31: '#ff7b72', 32: '#7ee787', 33: '#e3b341', 36: '#79c0ff' };

const state = mkdtempSync(path.join(tmpdir(), 'sluice-picture-'));
const env = { ...process.env, FORCE_COLOR: '1', COLUMNS: String(COLUMNS - 4), XDG_STATE_HOME: state };
delete env.NO_COLOR;
const { status, stdout } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', path.join(root, 'src/cli.ts'), 'up', '--story', '--port', '0'], {
  env,
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
});
rmSync(state, { recursive: true });
if (status !== 0) throw new Error(`the story ended with ${status}; no picture is drawn of that`);
writeFileSync(path.join(root, 'docs/story.svg'), svg(['$ npm start -- --story', ...stdout.trimEnd().split('\n')]));

function svg(lines) {
  const width = Math.ceil(COLUMNS * CHARACTER.width + 2 * MARGIN);
  const height = lines.length * CHARACTER.height + 2 * MARGIN;
  const rows = lines.map((line, index) => {
    const y = MARGIN + (index + 0.75) * CHARACTER.height;
    return `<text x="${MARGIN}" y="${y}" xml:space="preserve">${spans(line)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="What npm start -- --story prints">
<style>text{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;fill:#e6edf3}.b{font-weight:700}.d{opacity:.6}</style>
<rect width="100%" height="100%" rx="10" fill="#0d1117"/>
${rows.join('\n')}
</svg>
`;
}

/** One line with its ANSI colours as tspans. */
function spans(line) {
  let style = { bold: false, dim: false, color: undefined };
  const parts = line.split('\u001b[');
  const out = [escapeXml(parts[0])];
  for (const part of parts.slice(1)) {
    const end = part.indexOf('m');
    for (const code of part.slice(0, end).split(';')) style = applied(style, Number(code));
    out.push(tspan(part.slice(end + 1), style));
  }
  return out.join('');
}

function applied(style, code) {
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, dim: true };
  if (code === 22) return { ...style, bold: false, dim: false };
  if (code === 39) return { ...style, color: undefined };
  return code in COLORS ? { ...style, color: COLORS[code] } : style;
}

function tspan(text, { bold, dim, color }) {
  if (text === '') return '';
  const classes = [bold ? 'b' : '', dim ? 'd' : ''].filter(Boolean).join(' ');
  return `<tspan${classes === '' ? '' : ` class="${classes}"`}${color === undefined ? '' : ` fill="${color}"`}>${escapeXml(text)}</tspan>`;
}

function escapeXml(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
