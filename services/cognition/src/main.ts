import { runProcess } from '@asi/agent-kit';
import { boot } from './boot.ts';

await runProcess({ role: 'cognition', version: '0.1.0', boot });
