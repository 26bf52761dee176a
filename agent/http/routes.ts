import type { Route } from './route.ts';
import { appRoutes } from './routes/apps.ts';
import { deploymentRoutes } from './routes/deployments.ts';
import { eventRoutes } from './routes/events.ts';
import { healthRoutes } from './routes/health.ts';
import { metricsRoutes } from './routes/metrics.ts';
import { planRoutes } from './routes/plan.ts';
import { watchRoutes } from './routes/watch.ts';
import { yodeployRoutes } from './routes/yodeploy.ts';

/** Every address of the API. */
export const routes: readonly Route[] = [
  ...deploymentRoutes,
  ...eventRoutes,
  ...watchRoutes,
  ...planRoutes,
  ...appRoutes,
  ...healthRoutes,
  ...metricsRoutes,
  ...yodeployRoutes,
];
