import { runProcess } from '@asi/agent-kit';
import { derivedMessageId, filterFor, type GateAsked, gateMessages } from '@asi/contracts';
import { objectionTo } from './objection.ts';

const role = 'critic';
const gate = gateMessages(role);

await runProcess({
  role,
  version: '0.1.0',
  boot: async ({ bus, board }) => ({
    consume: [
      {
        durable: role,
        filters: [filterFor('cmd', role, gate.asked.name)],
        concurrency: 4,
        handle: async ({ envelope }) => {
          const asked = envelope.data as GateAsked;
          const { campaignId, experimentId, attempt, token, stage } = asked;
          board.set(envelope.id, experimentId, `weighing.${stage}`);
          try {
            const objection = objectionTo(asked);
            // Evidence is handed to the archive before it is spoken of.
            const evidence = objection
              ? await bus.request('putArtifact', {
                  body: `${objection}\n\n${JSON.stringify(asked, null, 2)}\n`,
                  mediaType: 'text/plain',
                })
              : null;
            await bus.publish(gate.answered, {
              experimentId,
              campaignId,
              cause: envelope,
              // The same question gives the same id: an answer that is given twice, after a crash, counts once.
              id: derivedMessageId(envelope.id, 'answer'),
              data: {
                campaignId,
                experimentId,
                attempt,
                token,
                stage,
                verdict: objection ? 'veto' : 'allow',
                why: objection ?? 'nothing against it',
                evidenceHash: evidence?.hash ?? null,
              },
            });
          } finally {
            board.clear(envelope.id);
          }
        },
      },
    ],
  }),
});
