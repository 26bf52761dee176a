// Preloaded into a process: tells the most memory that it had, in kilobytes, on file descriptor 3 at its end.
import { writeSync } from 'node:fs';

process.on('exit', () => writeSync(3, String(process.resourceUsage().maxRSS)));
