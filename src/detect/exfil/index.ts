import type { Detector } from '../detector.ts';
import activeContent from './active-content.ts';
import ansiClipboard from './ansi-clipboard.ts';
import ansiHidden from './ansi-hidden.ts';
import cloudMetadata from './cloud-metadata.ts';
import collector from './collector.ts';
import commandExfil from './command-exfil.ts';
import coverTracks from './cover-tracks.ts';
import credentialFile from './credential-file.ts';
import dataLink from './data-link.ts';
import destructiveCommand from './destructive-command.ts';
import dns from './dns.ts';
import encodedCode from './encoded-code.ts';
import environmentDump from './environment-dump.ts';
import markdownImage from './markdown-image.ts';
import markdownScript from './markdown-script.ts';
import metadataCredentials from './metadata-credentials.ts';
import nosqlInjection from './nosql-injection.ts';
import packageSource from './package-source.ts';
import pathTraversal from './path-traversal.ts';
import persistence from './persistence.ts';
import pipeToShell from './pipe-to-shell.ts';
import reverseShell from './reverse-shell.ts';
import sandboxEscape from './sandbox-escape.ts';
import secretHunt from './secret-hunt.ts';
import shellInjection from './shell-injection.ts';
import sqlInjection from './sql-injection.ts';
import templateInjection from './template-injection.ts';

/** Ways for data to leave through what a reader or a client does with an answer. */
export const EXFIL: readonly Detector[] = [
  activeContent,
  ansiClipboard,
  ansiHidden,
  cloudMetadata,
  collector,
  commandExfil,
  coverTracks,
  credentialFile,
  dataLink,
  destructiveCommand,
  dns,
  encodedCode,
  environmentDump,
  markdownImage,
  markdownScript,
  metadataCredentials,
  nosqlInjection,
  packageSource,
  pathTraversal,
  persistence,
  pipeToShell,
  reverseShell,
  sandboxEscape,
  secretHunt,
  shellInjection,
  sqlInjection,
  templateInjection,
];
