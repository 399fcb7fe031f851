/**
 * Keys and tokens, by the forms that their vendors document, and what is a secret in any form: private keys, signed
 * tokens, passwords that are assigned, credentials in an address. Each is global and takes linear time. What stands for
 * a key (`sk-...`, `<token>`) is none.
 */
export const secretPatterns: readonly RegExp[] = [
  // Private keys, also without their end.
  /-----BEGIN (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----[\s\S]{0,8000}?(?:-----END [A-Z0-9 ]{1,40}-----|$)/g,
  // JSON Web Tokens: header and payload are JSON in base64url, which begins with eyJ.
  /\beyJ[\w-]{8,2000}\.eyJ[\w-]{4,4000}(?:\.[\w-]{0,2000})?/g,
  // OpenAI, Anthropic, OpenRouter and others that use sk-.
  /\bsk-(?:[a-z0-9]{2,10}-){0,3}[\w-]{20,300}/gi,
  // Amazon Web Services: key ids.
  /\b(?:AKIA|ASIA|AGPA|AIDA|AROA|ANPA)[A-Z0-9]{16}\b/g,
  // Google: API keys, OAuth tokens and client secrets.
  /\bAIza[\w-]{35}/g,
  /\bya29\.[\w-]{20,400}/g,
  /\bGOCSPX-[\w-]{20,60}/g,
  // GitHub and GitLab.
  /\bgh[pousr]_[A-Za-z0-9]{36,255}\b/g,
  /\bgithub_pat_\w{22,255}\b/g,
  /\bgl(?:pat|dt|rt|ptt|soat)-[\w-]{20,100}/g,
  // Slack.
  /\bxox[abeoprs]-[\w-]{10,250}/g,
  /\bxapp-\d-[\w-]{10,250}/g,
  /https:\/\/hooks\.slack\.com\/services\/[\w/]{20,100}/g,
  // Stripe and its webhooks.
  /\b[prs]k_(?:live|test)_[A-Za-z0-9]{10,250}\b/g,
  /\bwhsec_[\w+/=-]{16,100}/g,
  // SendGrid, Twilio, Mailgun, npm, PyPI, Hugging Face, Groq, xAI, Replicate, DigitalOcean, Shopify, Databricks, Doppler.
  /\bSG\.[\w-]{16,64}\.[\w-]{16,64}/g,
  /\b(?:AC|SK)[0-9a-f]{32}\b/g,
  /\bkey-[0-9a-f]{32}\b/g,
  /\bnpm_[A-Za-z0-9]{36}\b/g,
  /\bpypi-[\w-]{16,300}/g,
  /\bhf_[A-Za-z0-9]{30,50}\b/g,
  /\b(?:gsk|xai|r8|dapi|shpat|shpss|shpca|shppa)[_-]?[A-Za-z0-9]{32,100}\b/g,
  /\bdo[opr]_v1_[a-f0-9]{64}\b/g,
  /\bdp\.[a-z]{2,4}\.[A-Za-z0-9]{40,44}\b/g,
  // An address with a name and a password.
  /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@]{1,100}:[^\s/@]{1,200}@[^\s/]{1,200}/gi,
  // A bearer token, and what is assigned to a name of secrets: with a letter and a digit, so that words are none.
  /\bbearer +(?=[^\s]{0,300}\d)[\w.~+/-]{20,300}=*/gi,
  /\b(?:password|passwd|pwd|passwort|secret|api[_ -]?key|access[_ -]?key|auth[_ -]?token|token)\b["']? {0,2}(?:is|:|=){1,2} {0,2}["']?(?=[^\s"']{0,100}\d)(?=[^\s"']{0,100}[a-z])[^\s"',;]{8,200}/gi,
  // Long runs of upper case, lower case and digits, and long hexadecimal numbers, are made by machines.
  /(?<![\w+/-])(?=[\w+/-]{0,100}[a-z])(?=[\w+/-]{0,100}[A-Z])(?=[\w+/-]{0,100}\d)[\w+-]{32,500}={0,2}(?![\w+/])/g,
  /(?<![\w-])(?=[0-9a-f]{0,64}[a-f])(?=[0-9a-f]{0,64}\d)[0-9a-f]{32,128}(?![\w-])/gi,
];
