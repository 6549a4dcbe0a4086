import type { Detector } from '../detector.ts';
import ageSecretKey from './age-secret-key.ts';
import alibabaAccessKey from './alibaba-access-key.ts';
import anthropicKey from './anthropic-key.ts';
import anthropicSession from './anthropic-session.ts';
import atlassianToken from './atlassian-token.ts';
import awsAccessKey from './aws-access-key.ts';
import bitbucketAccessToken from './bitbucket-access-token.ts';
import bitbucketAppPassword from './bitbucket-app-password.ts';
import braintrustKey from './braintrust-key.ts';
import buildkiteToken from './buildkite-token.ts';
import cerebrasKey from './cerebras-key.ts';
import circleciToken from './circleci-token.ts';
import clojarsToken from './clojars-token.ts';
import cloudflareOriginCaKey from './cloudflare-origin-ca-key.ts';
import cloudflareToken from './cloudflare-token.ts';
import cratesIoToken from './crates-io-token.ts';
import digitaloceanToken from './digitalocean-token.ts';
import dockerToken from './docker-token.ts';
import dopplerToken from './doppler-token.ts';
import elevenlabsKey from './elevenlabs-key.ts';
import firecrawlKey from './firecrawl-key.ts';
import fireworksKey from './fireworks-key.ts';
import flyToken from './fly-token.ts';
import githubToken from './github-token.ts';
import gitlabCiToken from './gitlab-ci-token.ts';
import gitlabRunnerToken from './gitlab-runner-token.ts';
import gitlabToken from './gitlab-token.ts';
import googleOauthSecret from './google-oauth-secret.ts';
import googleOauthToken from './google-oauth-token.ts';
import googleRefreshToken from './google-refresh-token.ts';
import groqKey from './groq-key.ts';
import harnessToken from './harness-token.ts';
import herokuKey from './heroku-key.ts';
import huggingfaceToken from './huggingface-token.ts';
import infisicalToken from './infisical-token.ts';
import infracostKey from './infracost-key.ts';
import intra42Secret from './intra42-secret.ts';
import jfrogKey from './jfrog-key.ts';
import jfrogReferenceToken from './jfrog-reference-token.ts';
import jinaKey from './jina-key.ts';
import jsrToken from './jsr-token.ts';
import jwt from './jwt.ts';
import langfuseKey from './langfuse-key.ts';
import langsmithKey from './langsmith-key.ts';
import llamacloudKey from './llamacloud-key.ts';
import modalToken from './modal-token.ts';
import netlifyToken from './netlify-token.ts';
import npmToken from './npm-token.ts';
import nugetKey from './nuget-key.ts';
import nvidiaKey from './nvidia-key.ts';
import octopusKey from './octopus-key.ts';
import onepasswordSecretKey from './onepassword-secret-key.ts';
import onepasswordServiceToken from './onepassword-service-token.ts';
import openVsxToken from './open-vsx-token.ts';
import openaiKey from './openai-key.ts';
import openrouterKey from './openrouter-key.ts';
import openshiftToken from './openshift-token.ts';
import packagistToken from './packagist-token.ts';
import perplexityKey from './perplexity-key.ts';
import pineconeKey from './pinecone-key.ts';
import prefectKey from './prefect-key.ts';
import privateKey from './private-key.ts';
import pulumiToken from './pulumi-token.ts';
import pypiToken from './pypi-token.ts';
import renderKey from './render-key.ts';
import replicateToken from './replicate-token.ts';
import rubygemsKey from './rubygems-key.ts';
import runpodKey from './runpod-key.ts';
import scalewayAccessKey from './scaleway-access-key.ts';
import scalingoToken from './scalingo-token.ts';
import sonarToken from './sonar-token.ts';
import sourcegraphToken from './sourcegraph-token.ts';
import tavilyKey from './tavily-key.ts';
import tencentSecretId from './tencent-secret-id.ts';
import terraformToken from './terraform-token.ts';
import togetherKey from './together-key.ts';
import vaultBatchToken from './vault-batch-token.ts';
import vaultToken from './vault-token.ts';
import vercelBlobToken from './vercel-blob-token.ts';
import vercelToken from './vercel-token.ts';
import voyageKey from './voyage-key.ts';
import xaiKey from './xai-key.ts';
import yandexIamToken from './yandex-iam-token.ts';
import yandexToken from './yandex-token.ts';

/** What opens a door: keys, tokens, passwords. */
export const SECRETS: readonly Detector[] = [
  ageSecretKey,
  alibabaAccessKey,
  anthropicKey,
  anthropicSession,
  atlassianToken,
  awsAccessKey,
  bitbucketAccessToken,
  bitbucketAppPassword,
  braintrustKey,
  buildkiteToken,
  cerebrasKey,
  circleciToken,
  clojarsToken,
  cloudflareOriginCaKey,
  cloudflareToken,
  cratesIoToken,
  digitaloceanToken,
  dockerToken,
  dopplerToken,
  elevenlabsKey,
  firecrawlKey,
  fireworksKey,
  flyToken,
  githubToken,
  gitlabCiToken,
  gitlabRunnerToken,
  gitlabToken,
  googleOauthSecret,
  googleOauthToken,
  googleRefreshToken,
  groqKey,
  harnessToken,
  herokuKey,
  huggingfaceToken,
  infisicalToken,
  infracostKey,
  intra42Secret,
  jfrogKey,
  jfrogReferenceToken,
  jinaKey,
  jsrToken,
  jwt,
  langfuseKey,
  langsmithKey,
  llamacloudKey,
  modalToken,
  netlifyToken,
  npmToken,
  nugetKey,
  nvidiaKey,
  octopusKey,
  onepasswordSecretKey,
  onepasswordServiceToken,
  openVsxToken,
  openaiKey,
  openrouterKey,
  openshiftToken,
  packagistToken,
  perplexityKey,
  pineconeKey,
  prefectKey,
  privateKey,
  pulumiToken,
  pypiToken,
  renderKey,
  replicateToken,
  rubygemsKey,
  runpodKey,
  scalewayAccessKey,
  scalingoToken,
  sonarToken,
  sourcegraphToken,
  tavilyKey,
  tencentSecretId,
  terraformToken,
  togetherKey,
  vaultBatchToken,
  vaultToken,
  vercelBlobToken,
  vercelToken,
  voyageKey,
  xaiKey,
  yandexIamToken,
  yandexToken,
];
