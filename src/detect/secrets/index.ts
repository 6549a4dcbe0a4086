import type { Detector } from '../detector.ts';
import adafruitIoKey from './adafruit-io-key.ts';
import adobeSecret from './adobe-secret.ts';
import adyenApiKey from './adyen-api-key.ts';
import ageSecretKey from './age-secret-key.ts';
import ai21Key from './ai21-key.ts';
import airtableKey from './airtable-key.ts';
import airtableToken from './airtable-token.ts';
import aivenToken from './aiven-token.ts';
import akamaiEdgegridToken from './akamai-edgegrid-token.ts';
import algoliaAdminKey from './algolia-admin-key.ts';
import alibabaAccessKey from './alibaba-access-key.ts';
import alibabaSecret from './alibaba-secret.ts';
import amazonMwsToken from './amazon-mws-token.ts';
import analyticsSecret from './analytics-secret.ts';
import anthropicKey from './anthropic-key.ts';
import anthropicSession from './anthropic-session.ts';
import apifyToken from './apify-token.ts';
import artifactoryPassword from './artifactory-password.ts';
import asanaToken from './asana-token.ts';
import assemblyaiKey from './assemblyai-key.ts';
import astraToken from './astra-token.ts';
import atlassianLegacyToken from './atlassian-legacy-token.ts';
import atlassianToken from './atlassian-token.ts';
import authHeader from './auth-header.ts';
import auth0Secret from './auth0-secret.ts';
import automationWebhook from './automation-webhook.ts';
import awsAccessKey from './aws-access-key.ts';
import awsBedrockKey from './aws-bedrock-key.ts';
import awsSecretKey from './aws-secret-key.ts';
import awsSessionToken from './aws-session-token.ts';
import axiomToken from './axiom-token.ts';
import azureClientSecret from './azure-client-secret.ts';
import azureDevopsLegacyToken from './azure-devops-legacy-token.ts';
import azureDevopsToken from './azure-devops-token.ts';
import azureIdentifiableKey from './azure-identifiable-key.ts';
import azureOpenaiKey from './azure-openai-key.ts';
import azureSas from './azure-sas.ts';
import azureSharedAccessKey from './azure-shared-access-key.ts';
import azureStorageKey from './azure-storage-key.ts';
import backblazeKey from './backblaze-key.ts';
import basicAuthHeader from './basic-auth-header.ts';
import beamerToken from './beamer-token.ts';
import binanceSecret from './binance-secret.ts';
import bitbucketAccessToken from './bitbucket-access-token.ts';
import bitbucketAppPassword from './bitbucket-app-password.ts';
import bitbucketClientSecret from './bitbucket-client-secret.ts';
import bitwardenToken from './bitwarden-token.ts';
import blockchainNodeKey from './blockchain-node-key.ts';
import blockchainNodeUrl from './blockchain-node-url.ts';
import braintreePrivateKey from './braintree-private-key.ts';
import braintreeToken from './braintree-token.ts';
import braintrustKey from './braintrust-key.ts';
import braveSearchKey from './brave-search-key.ts';
import brevoKey from './brevo-key.ts';
import browserbaseKey from './browserbase-key.ts';
import bugsnagKey from './bugsnag-key.ts';
import buildkiteAgentToken from './buildkite-agent-token.ts';
import buildkiteToken from './buildkite-token.ts';
import bundlerCredentials from './bundler-credentials.ts';
import cashfreeSecret from './cashfree-secret.ts';
import cerebrasKey from './cerebras-key.ts';
import circleciLegacyToken from './circleci-legacy-token.ts';
import circleciToken from './circleci-token.ts';
import ciscoPassword from './cisco-password.ts';
import clickhouseCloudKey from './clickhouse-cloud-key.ts';
import clickupToken from './clickup-token.ts';
import clojarsToken from './clojars-token.ts';
import cloudflareLegacyToken from './cloudflare-legacy-token.ts';
import cloudflareOriginCaKey from './cloudflare-origin-ca-key.ts';
import cloudflareToken from './cloudflare-token.ts';
import cloudinaryUrl from './cloudinary-url.ts';
import cloudsmithKey from './cloudsmith-key.ts';
import cockroachApiKey from './cockroach-api-key.ts';
import codecovToken from './codecov-token.ts';
import cohereKey from './cohere-key.ts';
import coinbaseSecret from './coinbase-secret.ts';
import commandPassword from './command-password.ts';
import commandSetting from './command-setting.ts';
import confluentSecret from './confluent-secret.ts';
import connectionString from './connection-string.ts';
import contentfulDeliveryToken from './contentful-delivery-token.ts';
import contentfulToken from './contentful-token.ts';
import context7Key from './context7-key.ts';
import cookieToken from './cookie-token.ts';
import cratesIoToken from './crates-io-token.ts';
import cryptoPrivateKey from './crypto-private-key.ts';
import curlKey from './curl-key.ts';
import curlUser from './curl-user.ts';
import databricksOauthSecret from './databricks-oauth-secret.ts';
import databricksToken from './databricks-token.ts';
import datadogKey from './datadog-key.ts';
import dbtToken from './dbt-token.ts';
import deepgramKey from './deepgram-key.ts';
import deepinfraKey from './deepinfra-key.ts';
import deepseekKey from './deepseek-key.ts';
import definedNetworkingKey from './defined-networking-key.ts';
import digitaloceanLegacyToken from './digitalocean-legacy-token.ts';
import digitaloceanToken from './digitalocean-token.ts';
import directivePassword from './directive-password.ts';
import discordBotToken from './discord-bot-token.ts';
import discordClientSecret from './discord-client-secret.ts';
import discordWebhook from './discord-webhook.ts';
import dnsimpleToken from './dnsimple-token.ts';
import dockerConfigAuth from './docker-config-auth.ts';
import dockerToken from './docker-token.ts';
import dopplerToken from './doppler-token.ts';
import driverDsn from './driver-dsn.ts';
import droneToken from './drone-token.ts';
import dropboxSecret from './dropbox-secret.ts';
import dropboxToken from './dropbox-token.ts';
import duffelToken from './duffel-token.ts';
import dynatraceToken from './dynatrace-token.ts';
import e2bKey from './e2b-key.ts';
import easypostKey from './easypost-key.ts';
import elasticKey from './elastic-key.ts';
import elevenlabsKey from './elevenlabs-key.ts';
import endorlabsKey from './endorlabs-key.ts';
import etsyKey from './etsy-key.ts';
import exaKey from './exa-key.ts';
import facebookSecret from './facebook-secret.ts';
import facebookToken from './facebook-token.ts';
import fastlyToken from './fastly-token.ts';
import faunaKey from './fauna-key.ts';
import figmaToken from './figma-token.ts';
import finicitySecret from './finicity-secret.ts';
import firebaseServerKey from './firebase-server-key.ts';
import firecrawlKey from './firecrawl-key.ts';
import fireworksKey from './fireworks-key.ts';
import flutterwaveSecret from './flutterwave-secret.ts';
import flyToken from './fly-token.ts';
import frameioToken from './frameio-token.ts';
import gcpServiceAccount from './gcp-service-account.ts';
import gcsHmacKey from './gcs-hmac-key.ts';
import geminiAuthKey from './gemini-auth-key.ts';
import giteaToken from './gitea-token.ts';
import githubToken from './github-token.ts';
import githubTokenShaped from './github-token-shaped.ts';
import gitlabCiToken from './gitlab-ci-token.ts';
import gitlabRunnerToken from './gitlab-runner-token.ts';
import gitlabToken from './gitlab-token.ts';
import gitterToken from './gitter-token.ts';
import gocardlessToken from './gocardless-token.ts';
import googleApiKey from './google-api-key.ts';
import googleChatWebhook from './google-chat-webhook.ts';
import googleOauthSecret from './google-oauth-secret.ts';
import googleOauthToken from './google-oauth-token.ts';
import googleRefreshToken from './google-refresh-token.ts';
import grafanaServiceToken from './grafana-service-token.ts';
import grafanaToken from './grafana-token.ts';
import groqKey from './groq-key.ts';
import harnessToken from './harness-token.ts';
import hcaptchaSecret from './hcaptcha-secret.ts';
import heliconeKey from './helicone-key.ts';
import herokuKey from './heroku-key.ts';
import herokuLegacyKey from './heroku-legacy-key.ts';
import hetznerToken from './hetzner-token.ts';
import honeycombKey from './honeycomb-key.ts';
import honeycombTeamKey from './honeycomb-team-key.ts';
import hubspotKey from './hubspot-key.ts';
import hubspotToken from './hubspot-token.ts';
import huggingfaceToken from './huggingface-token.ts';
import ibmCloudKey from './ibm-cloud-key.ts';
import infisicalToken from './infisical-token.ts';
import influxdbToken from './influxdb-token.ts';
import infracostKey from './infracost-key.ts';
import inngestSigningKey from './inngest-signing-key.ts';
import intercomToken from './intercom-token.ts';
import intra42Secret from './intra42-secret.ts';
import ipsecSecret from './ipsec-secret.ts';
import jenkinsToken from './jenkins-token.ts';
import jfrogKey from './jfrog-key.ts';
import jfrogReferenceToken from './jfrog-reference-token.ts';
import jinaKey from './jina-key.ts';
import jsrToken from './jsr-token.ts';
import jwkPrivateKey from './jwk-private-key.ts';
import jwt from './jwt.ts';
import klaviyoKey from './klaviyo-key.ts';
import kubernetesSecret from './kubernetes-secret.ts';
import kucoinSecret from './kucoin-secret.ts';
import langfuseKey from './langfuse-key.ts';
import langsmithKey from './langsmith-key.ts';
import laravelAppKey from './laravel-app-key.ts';
import launchdarklyKey from './launchdarkly-key.ts';
import lettaKey from './letta-key.ts';
import lineChannelToken from './line-channel-token.ts';
import linearKey from './linear-key.ts';
import linkedinSecret from './linkedin-secret.ts';
import linodeToken from './linode-token.ts';
import llamacloudKey from './llamacloud-key.ts';
import lobApiKey from './lob-api-key.ts';
import logfireToken from './logfire-token.ts';
import logglyToken from './loggly-token.ts';
import loginCall from './login-call.ts';
import mailchimpApiKey from './mailchimp-api-key.ts';
import mailersendToken from './mailersend-token.ts';
import mailgunKey from './mailgun-key.ts';
import mailjetSecret from './mailjet-secret.ts';
import mandrillKey from './mandrill-key.ts';
import mapboxSecretToken from './mapbox-secret-token.ts';
import materializePassword from './materialize-password.ts';
import matrixToken from './matrix-token.ts';
import mattermostToken from './mattermost-token.ts';
import maxmindKey from './maxmind-key.ts';
import merakiKey from './meraki-key.ts';
import mercadopagoToken from './mercadopago-token.ts';
import mercuryToken from './mercury-token.ts';
import messagebirdKey from './messagebird-key.ts';
import midtransKey from './midtrans-key.ts';
import mistralKey from './mistral-key.ts';
import modalToken from './modal-token.ts';
import mollieKey from './mollie-key.ts';
import mongodbAtlasSecret from './mongodb-atlas-secret.ts';
import namedPassword from './named-password.ts';
import neonApiKey from './neon-api-key.ts';
import netbirdToken from './netbird-token.ts';
import netlifyLegacyToken from './netlify-legacy-token.ts';
import netlifyToken from './netlify-token.ts';
import netrc from './netrc.ts';
import newrelicKey from './newrelic-key.ts';
import ngrokToken from './ngrok-token.ts';
import nostrSecretKey from './nostr-secret-key.ts';
import notionToken from './notion-token.ts';
import npmToken from './npm-token.ts';
import npmrcAuth from './npmrc-auth.ts';
import nugetKey from './nuget-key.ts';
import nvidiaKey from './nvidia-key.ts';
import octopusKey from './octopus-key.ts';
import oktaSswsHeader from './okta-ssws-header.ts';
import oktaToken from './okta-token.ts';
import onepasswordSecretKey from './onepassword-secret-key.ts';
import onepasswordServiceToken from './onepassword-service-token.ts';
import onesignalKey from './onesignal-key.ts';
import openVsxToken from './open-vsx-token.ts';
import openaiKey from './openai-key.ts';
import openaiLegacyKey from './openai-legacy-key.ts';
import openrouterKey from './openrouter-key.ts';
import openshiftToken from './openshift-token.ts';
import opsgenieKey from './opsgenie-key.ts';
import oracleCloudToken from './oracle-cloud-token.ts';
import oracleLogin from './oracle-login.ts';
import oryToken from './ory-token.ts';
import otpauthUri from './otpauth-uri.ts';
import ovhSecret from './ovh-secret.ts';
import packagistToken from './packagist-token.ts';
import paddleApiKey from './paddle-api-key.ts';
import pagerdutyKey from './pagerduty-key.ts';
import passwordAssignment from './password-assignment.ts';
import passwordHash from './password-hash.ts';
import passwordInProse from './password-in-prose.ts';
import passwordOption from './password-option.ts';
import paypalSecret from './paypal-secret.ts';
import perplexityKey from './perplexity-key.ts';
import personaKey from './persona-key.ts';
import pgpass from './pgpass.ts';
import pineconeKey from './pinecone-key.ts';
import pineconeLegacyKey from './pinecone-legacy-key.ts';
import pipedPassword from './piped-password.ts';
import plaidSecret from './plaid-secret.ts';
import plaidToken from './plaid-token.ts';
import planetscaleToken from './planetscale-token.ts';
import porkbunKey from './porkbun-key.ts';
import portainerToken from './portainer-token.ts';
import posthogKey from './posthog-key.ts';
import postmanApiKey from './postman-api-key.ts';
import postmarkToken from './postmark-token.ts';
import powerAutomateWebhook from './power-automate-webhook.ts';
import prefectKey from './prefect-key.ts';
import prefixedToken from './prefixed-token.ts';
import presignedUrl from './presigned-url.ts';
import privateKey from './private-key.ts';
import pulumiToken from './pulumi-token.ts';
import pusherSecret from './pusher-secret.ts';
import puttyPrivateKey from './putty-private-key.ts';
import pypiToken from './pypi-token.ts';
import railsSecretKeyBase from './rails-secret-key-base.ts';
import railwayToken from './railway-token.ts';
import rampSecret from './ramp-secret.ts';
import rancherToken from './rancher-token.ts';
import rapidapiKey from './rapidapi-key.ts';
import razorpaySecret from './razorpay-secret.ts';
import readmeApiKey from './readme-api-key.ts';
import renderKey from './render-key.ts';
import replicateToken from './replicate-token.ts';
import resendApiKey from './resend-api-key.ts';
import retoolToken from './retool-token.ts';
import rollbarToken from './rollbar-token.ts';
import rootlyToken from './rootly-token.ts';
import rubygemsKey from './rubygems-key.ts';
import runpodKey from './runpod-key.ts';
import salesforceToken from './salesforce-token.ts';
import sambaUser from './samba-user.ts';
import saslPassword from './sasl-password.ts';
import scalewayAccessKey from './scaleway-access-key.ts';
import scalewaySecretKey from './scaleway-secret-key.ts';
import scalingoToken from './scalingo-token.ts';
import secretAssignment from './secret-assignment.ts';
import secureString from './secure-string.ts';
import seedPhrase from './seed-phrase.ts';
import sendbirdToken from './sendbird-token.ts';
import sendgridApiKey from './sendgrid-api-key.ts';
import sentryToken from './sentry-token.ts';
import serperKey from './serper-key.ts';
import sessionCookie from './session-cookie.ts';
import settlemintToken from './settlemint-token.ts';
import shippoToken from './shippo-token.ts';
import shodanKey from './shodan-key.ts';
import shopifyToken from './shopify-token.ts';
import slackAppToken from './slack-app-token.ts';
import slackToken from './slack-token.ts';
import slackWebhook from './slack-webhook.ts';
import slackWorkspaceToken from './slack-workspace-token.ts';
import snowflakePassword from './snowflake-password.ts';
import snykToken from './snyk-token.ts';
import sonarLegacyToken from './sonar-legacy-token.ts';
import sonarToken from './sonar-token.ts';
import sourcegraphLegacyToken from './sourcegraph-legacy-token.ts';
import sourcegraphToken from './sourcegraph-token.ts';
import sparkpostKey from './sparkpost-key.ts';
import splunkToken from './splunk-token.ts';
import spotifySecret from './spotify-secret.ts';
import sqlConnectionString from './sql-connection-string.ts';
import sqlUserPassword from './sql-user-password.ts';
import squareToken from './square-token.ts';
import squarespaceToken from './squarespace-token.ts';
import stripeClientSecret from './stripe-client-secret.ts';
import stripeSecretKey from './stripe-secret-key.ts';
import stripeWebhookSecret from './stripe-webhook-secret.ts';
import stytchSecret from './stytch-secret.ts';
import sumologicKey from './sumologic-key.ts';
import supabaseKey from './supabase-key.ts';
import tailscaleKey from './tailscale-key.ts';
import tavilyKey from './tavily-key.ts';
import teamsWebhook from './teams-webhook.ts';
import telegramBotToken from './telegram-bot-token.ts';
import telnyxKey from './telnyx-key.ts';
import tencentSecretId from './tencent-secret-id.ts';
import tencentSecretKey from './tencent-secret-key.ts';
import terraformToken from './terraform-token.ts';
import togetherKey from './together-key.ts';
import togetherLegacyKey from './together-legacy-key.ts';
import travisToken from './travis-token.ts';
import trelloKey from './trello-key.ts';
import trelloToken from './trello-token.ts';
import triggerDevKey from './trigger-dev-key.ts';
import twilioApiKey from './twilio-api-key.ts';
import twilioAuthToken from './twilio-auth-token.ts';
import twitchSecret from './twitch-secret.ts';
import twitterBearerToken from './twitter-bearer-token.ts';
import twitterSecret from './twitter-secret.ts';
import typeformToken from './typeform-token.ts';
import upstashToken from './upstash-token.ts';
import urlPassword from './url-password.ts';
import urlQuerySecret from './url-query-secret.ts';
import vaultBatchToken from './vault-batch-token.ts';
import vaultLegacyToken from './vault-legacy-token.ts';
import vaultToken from './vault-token.ts';
import vercelBlobToken from './vercel-blob-token.ts';
import vercelLegacyToken from './vercel-legacy-token.ts';
import vercelToken from './vercel-token.ts';
import vonageSecret from './vonage-secret.ts';
import voyageKey from './voyage-key.ts';
import vultrKey from './vultr-key.ts';
import wakatimeKey from './wakatime-key.ts';
import wandbKey from './wandb-key.ts';
import weatherMapKey from './weather-map-key.ts';
import wifiPassword from './wifi-password.ts';
import windowsAccountPassword from './windows-account-password.ts';
import wireguardKey from './wireguard-key.ts';
import wordpressSalt from './wordpress-salt.ts';
import xaiKey from './xai-key.ts';
import xataApiKey from './xata-api-key.ts';
import xenditKey from './xendit-key.ts';
import yandexIamToken from './yandex-iam-token.ts';
import yandexToken from './yandex-token.ts';
import zendeskToken from './zendesk-token.ts';
import zhipuKey from './zhipu-key.ts';

/** What opens a door: keys, tokens, passwords. */
export const SECRETS: readonly Detector[] = [
  adafruitIoKey,
  adobeSecret,
  adyenApiKey,
  ageSecretKey,
  ai21Key,
  airtableKey,
  airtableToken,
  aivenToken,
  akamaiEdgegridToken,
  algoliaAdminKey,
  alibabaAccessKey,
  alibabaSecret,
  amazonMwsToken,
  analyticsSecret,
  anthropicKey,
  anthropicSession,
  apifyToken,
  artifactoryPassword,
  asanaToken,
  assemblyaiKey,
  astraToken,
  atlassianLegacyToken,
  atlassianToken,
  authHeader,
  auth0Secret,
  automationWebhook,
  awsAccessKey,
  awsBedrockKey,
  awsSecretKey,
  awsSessionToken,
  axiomToken,
  azureClientSecret,
  azureDevopsLegacyToken,
  azureDevopsToken,
  azureIdentifiableKey,
  azureOpenaiKey,
  azureSas,
  azureSharedAccessKey,
  azureStorageKey,
  backblazeKey,
  basicAuthHeader,
  beamerToken,
  binanceSecret,
  bitbucketAccessToken,
  bitbucketAppPassword,
  bitbucketClientSecret,
  bitwardenToken,
  blockchainNodeKey,
  blockchainNodeUrl,
  braintreePrivateKey,
  braintreeToken,
  braintrustKey,
  braveSearchKey,
  brevoKey,
  browserbaseKey,
  bugsnagKey,
  buildkiteAgentToken,
  buildkiteToken,
  bundlerCredentials,
  cashfreeSecret,
  cerebrasKey,
  circleciLegacyToken,
  circleciToken,
  ciscoPassword,
  clickhouseCloudKey,
  clickupToken,
  clojarsToken,
  cloudflareLegacyToken,
  cloudflareOriginCaKey,
  cloudflareToken,
  cloudinaryUrl,
  cloudsmithKey,
  cockroachApiKey,
  codecovToken,
  cohereKey,
  coinbaseSecret,
  commandPassword,
  commandSetting,
  confluentSecret,
  connectionString,
  contentfulDeliveryToken,
  contentfulToken,
  context7Key,
  cookieToken,
  cratesIoToken,
  cryptoPrivateKey,
  curlKey,
  curlUser,
  databricksOauthSecret,
  databricksToken,
  datadogKey,
  dbtToken,
  deepgramKey,
  deepinfraKey,
  deepseekKey,
  definedNetworkingKey,
  digitaloceanLegacyToken,
  digitaloceanToken,
  directivePassword,
  discordBotToken,
  discordClientSecret,
  discordWebhook,
  dnsimpleToken,
  dockerConfigAuth,
  dockerToken,
  dopplerToken,
  driverDsn,
  droneToken,
  dropboxSecret,
  dropboxToken,
  duffelToken,
  dynatraceToken,
  e2bKey,
  easypostKey,
  elasticKey,
  elevenlabsKey,
  endorlabsKey,
  etsyKey,
  exaKey,
  facebookSecret,
  facebookToken,
  fastlyToken,
  faunaKey,
  figmaToken,
  finicitySecret,
  firebaseServerKey,
  firecrawlKey,
  fireworksKey,
  flutterwaveSecret,
  flyToken,
  frameioToken,
  gcpServiceAccount,
  gcsHmacKey,
  geminiAuthKey,
  giteaToken,
  githubTokenShaped,
  githubToken,
  gitlabCiToken,
  gitlabRunnerToken,
  gitlabToken,
  gitterToken,
  gocardlessToken,
  googleApiKey,
  googleChatWebhook,
  googleOauthSecret,
  googleOauthToken,
  googleRefreshToken,
  grafanaServiceToken,
  grafanaToken,
  groqKey,
  harnessToken,
  hcaptchaSecret,
  heliconeKey,
  herokuKey,
  herokuLegacyKey,
  hetznerToken,
  honeycombKey,
  honeycombTeamKey,
  hubspotKey,
  hubspotToken,
  huggingfaceToken,
  ibmCloudKey,
  infisicalToken,
  influxdbToken,
  infracostKey,
  inngestSigningKey,
  intercomToken,
  intra42Secret,
  ipsecSecret,
  jenkinsToken,
  jfrogKey,
  jfrogReferenceToken,
  jinaKey,
  jsrToken,
  jwkPrivateKey,
  jwt,
  klaviyoKey,
  kubernetesSecret,
  kucoinSecret,
  langfuseKey,
  langsmithKey,
  laravelAppKey,
  launchdarklyKey,
  lettaKey,
  lineChannelToken,
  linearKey,
  linkedinSecret,
  linodeToken,
  llamacloudKey,
  lobApiKey,
  logfireToken,
  logglyToken,
  loginCall,
  mailchimpApiKey,
  mailersendToken,
  mailgunKey,
  mailjetSecret,
  mandrillKey,
  mapboxSecretToken,
  materializePassword,
  matrixToken,
  mattermostToken,
  maxmindKey,
  merakiKey,
  mercadopagoToken,
  mercuryToken,
  messagebirdKey,
  midtransKey,
  mistralKey,
  modalToken,
  mollieKey,
  mongodbAtlasSecret,
  namedPassword,
  neonApiKey,
  netbirdToken,
  netlifyLegacyToken,
  netlifyToken,
  netrc,
  newrelicKey,
  ngrokToken,
  nostrSecretKey,
  notionToken,
  npmToken,
  npmrcAuth,
  nugetKey,
  nvidiaKey,
  octopusKey,
  oktaSswsHeader,
  oktaToken,
  onepasswordSecretKey,
  onepasswordServiceToken,
  onesignalKey,
  openVsxToken,
  openaiKey,
  openaiLegacyKey,
  openrouterKey,
  openshiftToken,
  opsgenieKey,
  oracleCloudToken,
  oracleLogin,
  oryToken,
  otpauthUri,
  ovhSecret,
  packagistToken,
  paddleApiKey,
  pagerdutyKey,
  passwordAssignment,
  passwordHash,
  passwordInProse,
  passwordOption,
  paypalSecret,
  perplexityKey,
  personaKey,
  pgpass,
  pineconeKey,
  pineconeLegacyKey,
  pipedPassword,
  plaidSecret,
  plaidToken,
  planetscaleToken,
  porkbunKey,
  portainerToken,
  posthogKey,
  postmanApiKey,
  postmarkToken,
  powerAutomateWebhook,
  prefectKey,
  prefixedToken,
  presignedUrl,
  privateKey,
  pulumiToken,
  pusherSecret,
  puttyPrivateKey,
  pypiToken,
  railsSecretKeyBase,
  railwayToken,
  rampSecret,
  rancherToken,
  rapidapiKey,
  razorpaySecret,
  readmeApiKey,
  renderKey,
  replicateToken,
  resendApiKey,
  retoolToken,
  rollbarToken,
  rootlyToken,
  rubygemsKey,
  runpodKey,
  salesforceToken,
  sambaUser,
  saslPassword,
  scalewayAccessKey,
  scalewaySecretKey,
  scalingoToken,
  secretAssignment,
  seedPhrase,
  secureString,
  sendbirdToken,
  sendgridApiKey,
  sentryToken,
  serperKey,
  sessionCookie,
  settlemintToken,
  shippoToken,
  shodanKey,
  shopifyToken,
  slackAppToken,
  slackToken,
  slackWebhook,
  slackWorkspaceToken,
  snowflakePassword,
  snykToken,
  sonarLegacyToken,
  sonarToken,
  sourcegraphLegacyToken,
  sourcegraphToken,
  sparkpostKey,
  splunkToken,
  spotifySecret,
  sqlConnectionString,
  sqlUserPassword,
  squareToken,
  squarespaceToken,
  stripeClientSecret,
  stripeSecretKey,
  stripeWebhookSecret,
  stytchSecret,
  sumologicKey,
  supabaseKey,
  tailscaleKey,
  tavilyKey,
  teamsWebhook,
  telegramBotToken,
  telnyxKey,
  tencentSecretId,
  tencentSecretKey,
  terraformToken,
  togetherKey,
  togetherLegacyKey,
  travisToken,
  trelloKey,
  trelloToken,
  triggerDevKey,
  twilioApiKey,
  twilioAuthToken,
  twitchSecret,
  twitterBearerToken,
  twitterSecret,
  typeformToken,
  upstashToken,
  urlPassword,
  urlQuerySecret,
  vaultBatchToken,
  vaultLegacyToken,
  vaultToken,
  vercelBlobToken,
  vercelLegacyToken,
  vercelToken,
  vonageSecret,
  voyageKey,
  vultrKey,
  wakatimeKey,
  wandbKey,
  weatherMapKey,
  wifiPassword,
  windowsAccountPassword,
  wireguardKey,
  wordpressSalt,
  xaiKey,
  xataApiKey,
  xenditKey,
  yandexIamToken,
  yandexToken,
  zendeskToken,
  zhipuKey,
];
