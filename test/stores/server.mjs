// The S3 server that the tests of this folder talk to, for all of them.
import { ensureS3Server } from '../../scripts/s3-server/install.mjs';
import { startS3Server } from '../../scripts/s3-server/run.mjs';

export default async function setUp() {
  const { endpoint, accessKey, secretKey, stop } = await startS3Server(await ensureS3Server());
  const env = { AWS_ACCESS_KEY_ID: accessKey, AWS_SECRET_ACCESS_KEY: secretKey, STRATA_TEST_S3: endpoint };
  Object.assign(process.env, env);
  return stop;
}
