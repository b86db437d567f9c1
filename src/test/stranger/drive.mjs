// Takes one avatar through the client kling-api, which knows nothing of this project, and prints
// what the client made of every answer, as JSON. The client insists on https, so the calls pass a
// small TLS front in this process on their way to the server under test.
//
// Usage: NODE_EXTRA_CA_CERTS=cert.pem node drive.mjs INSTALLED URL PKCS12 PASSWORD ACCESS SECRET IMAGE SOUND

import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [installed, url, store, password, accessKey, secretKey, image, sound] = process.argv.slice(2);
const main = join(installed, 'node_modules', 'kling-api', 'dist', 'api.js');
const { KlingAPI } = await import(pathToFileURL(main).href);

const server = new URL(url);
const front = https.createServer({ pfx: readFileSync(store), passphrase: password }, (ask, answer) => {
  const onward = http.request(
    {
      host: server.hostname,
      port: server.port,
      method: ask.method,
      path: ask.url,
      headers: ask.headers,
    },
    (reply) => {
      answer.writeHead(reply.statusCode, reply.headers);
      reply.pipe(answer);
    },
  );
  onward.on('error', () => answer.destroy());
  ask.pipe(onward);
});
await new Promise((listening) => front.listen(0, '127.0.0.1', listening));

const baseUrl = `https://127.0.0.1:${front.address().port}${server.pathname.replace(/\/$/, '')}`;
const api = new KlingAPI({ accessKey, secretKey, baseUrl });
const avatar = {
  image,
  sound_file: sound,
  prompt: 'a stranger says hello',
  mode: 'std',
  external_task_id: 'stranger-1',
};

const seen = {};
seen.created = await api.createAvatar(avatar);
seen.done = await api.waitForVideoResult(
  seen.created.data.task_id,
  (id) => api.queryAvatarTask(id),
  { interval: 200, timeout: 60000, showSpinner: false },
);
seen.byExternalId = await api.queryAvatarTask('stranger-1');
seen.account = await api.getAccountInfo(Date.now() - 3600000, Date.now());
seen.refused = await api.createAvatar(avatar).catch((e) => ({ name: e.name, code: e.code, message: e.message }));
seen.unknown = await api.queryAvatarTask('1').catch((e) => ({ name: e.name, code: e.code, message: e.message }));

console.log(JSON.stringify(seen));
front.closeAllConnections();
front.close();
