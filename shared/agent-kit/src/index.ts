export { type Environment, readEnvironment, requireDatabaseUrl } from './environment.ts';
export { createLog, type Log } from './log.ts';
export { processMachine } from './process-machine.ts';
export { type ProcessDefinition, type ProcessTools, type RoleWork, runProcess } from './run-process.ts';
export { createTaskBoard, describeState, runTask, type TaskBoard, type TaskOutput } from './task.ts';
