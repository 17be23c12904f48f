import { runProcess } from '@asi/agent-kit';
import { bootObservatory } from './boot-observatory.ts';

await runProcess({ role: 'observatory', version: '0.1.0', boot: bootObservatory });
