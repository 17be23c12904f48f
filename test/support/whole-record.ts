import { connectBus } from '@asi/bus';
import { type CampaignRecord, catalogue, type ExperimentRecord, type Insight } from '@asi/contracts';
import { campaignsIn, experimentsIn, inflightIn, insightsIn, openDatabase } from '@asi/store';
import { withServers } from '../../services/lab/src/stack/with-servers.ts';

/** All that a stopped laboratory keeps, read from its servers. */
export type WholeRecord = {
  readonly campaigns: CampaignRecord[];
  readonly experiments: ExperimentRecord[];
  readonly insights: Insight[];
  /** Experiments that were left in the middle. */
  readonly underWay: string[];
  /** Experiments of the settled messages, in the order of the journal. */
  readonly settled: string[];
  /** `subject: why` of each dead letter. */
  readonly deadLetters: string[];
  /** Messages of the journal that do not parse. */
  readonly problems: string[];
};

/** Reads the record of a laboratory that is not running. */
export const wholeRecord = (home: string): Promise<WholeRecord> =>
  withServers(
    async ({ natsUrl, mongodbUrl }) => {
      const database = await openDatabase(mongodbUrl);
      const bus = await connectBus({ url: natsUrl, source: 'test/one' });
      try {
        const settled: string[] = [];
        const deadLetters: string[] = [];
        const problems: string[] = [];
        for await (const { subject, envelope, problem } of bus.journal({})) {
          if (problem !== null) problems.push(`${subject}: ${problem}`);
          if (envelope?.type === catalogue.settled.type) settled.push(envelope.subject);
          if (subject.startsWith('asi.dlq.')) deadLetters.push(`${subject}: ${JSON.stringify(envelope?.data)}`);
        }
        return {
          campaigns: await campaignsIn(database).all(),
          experiments: await allOf(experimentsIn(database).all()),
          insights: await allOf(insightsIn(database).all()),
          underWay: (await inflightIn(database).all()).map(({ _id }) => _id),
          settled,
          deadLetters,
          problems,
        };
      } finally {
        await bus.close();
        await database.close();
      }
    },
    { ...process.env, ASI_HOME: home, NATS_URL: undefined, MONGODB_URL: undefined },
  );

async function allOf<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}
