// An OAuth 2.0 server that others wrote, npm's oidc-provider, behind the paths of Entra.
//
//   node provider.mjs MODULES SETTINGS
//
// MODULES is the node_modules folder; SETTINGS is JSON: issuer, tenant, key and certificate (PEM), and
// clients as oidc-provider takes them. It prints "ready PORT", then a line for each grant; a line
// "life SECONDS" on stdin sets how long access tokens live from then on. It ends with stdin.

import { createServer } from 'node:https';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const [modules, text] = process.argv.slice(2);
const settings = JSON.parse(text);
console.info = console.warn = console.log = () => {}; // stdout is for the lines below
const { Provider } = await import(pathToFileURL(`${modules}/oidc-provider/lib/index.js`));

const say = (line) => process.stdout.write(`${line}\n`);
const audience = 'https://outlook.office.com';
let life = 3600;

const provider = new Provider(settings.issuer, {
  clients: settings.clients,
  scopes: ['openid', 'offline_access', 'profile'],
  pkce: { required: () => true },
  rotateRefreshToken: true, // each is good for one use; the second use of one revokes all of its grant
  issueRefreshToken: (ctx, client) => client.grantTypeAllowed('refresh_token'),
  extraTokenClaims: (ctx, token) => ({ upn: token.accountId ?? 'alerts@contoso.example' }),
  formats: {
    customizers: {
      jwt: (ctx, token, jwt) => { jwt.header = { typ: 'JWT' }; }, // as Entra's; Dovecot takes no other
    },
  },
  ttl: {
    AccessToken: () => life, ClientCredentials: () => life, DeviceCode: 300,
    Grant: 86400, IdToken: 3600, Interaction: 300, RefreshToken: 86400, Session: 86400,
  },
  features: {
    clientCredentials: { enabled: true },
    deviceFlow: { enabled: true },
    devInteractions: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => audience,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        audience,
        scope: 'https://outlook.office365.com/.default https://outlook.office.com/SMTP.Send',
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'RS256' } },
      }),
    },
  },
  clientAuthMethods: ['none', 'client_secret_post', 'private_key_jwt'],
  enabledJWA: { clientAuthSigningAlgValues: ['RS256', 'PS256'] },
  routes: {
    authorization: `/${settings.tenant}/oauth2/v2.0/authorize`,
    token: `/${settings.tenant}/oauth2/v2.0/token`,
    device_authorization: `/${settings.tenant}/oauth2/v2.0/devicecode`,
    code_verification: '/devicelogin',
    jwks: '/keys',
  },
});
// OpenID Connect Core section 11 wants prompt=consent with offline_access; Entra does not.
provider.use((ctx, next) => {
  if (ctx.path.endsWith('/authorize') && !ctx.query.prompt) {
    ctx.query = { ...ctx.query, prompt: 'consent' };
  }
  return next();
});
provider.on('grant.success', (ctx) => say(`grant ${ctx.oidc.params.grant_type}`));
provider.on('grant.error', (ctx, err) => say(`refused ${ctx.oidc.params?.grant_type} ${[err.message, err.error_description, err.error_detail, err.scope].filter(Boolean).join(': ')}`));
provider.on('grant.revoked', () => say('revoked'));
provider.on('server_error', (ctx, err) => say(`failed ${err.stack.replaceAll('\n', ' ')}`));

const server = createServer({ key: settings.key, cert: settings.certificate }, provider.callback());
server.listen(0, '127.0.0.1', () => say(`ready ${server.address().port}`));
createInterface({ input: process.stdin })
  .on('line', (line) => {
    life = Number(line.split(' ')[1]);
    say(line);
  })
  .on('close', () => process.exit());
