import type { Detector } from '../detector.ts';
import awsAccessKey from './aws-access-key.ts';
import githubToken from './github-token.ts';
import jwt from './jwt.ts';
import openaiKey from './openai-key.ts';
import privateKey from './private-key.ts';

/** What opens a door: keys, tokens, passwords. */
export const SECRETS: readonly Detector[] = [awsAccessKey, githubToken, jwt, openaiKey, privateKey];
