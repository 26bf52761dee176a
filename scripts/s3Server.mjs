// Runs an S3 server for tests and benchmarks until it is told to end:
//   node scripts/s3Server.mjs
import { once } from 'node:events';
import { runMain } from './lib/log.mjs';
import { ensureS3Server } from './s3-server/install.mjs';
import { startS3Server } from './s3-server/run.mjs';

await runMain(async () => {
  const { endpoint, accessKey, secretKey, stop } = await startS3Server(await ensureS3Server());
  console.log(`export AWS_ACCESS_KEY_ID=${accessKey} AWS_SECRET_ACCESS_KEY=${secretKey}`);
  console.log(`s3://BUCKET/?endpoint=${endpoint}&region=us-east-1&checksums=when-required`);
  // A signal ends it, too (lib/shutdown.mjs).
  process.stdin.resume();
  await once(process.stdin, 'end');
  await stop();
  return 0;
});
