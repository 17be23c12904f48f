import { v5 as uuidv5 } from 'uuid';
import { z } from 'zod';

const token = /^[a-z0-9-]+$/;

/** A campaign, for example `c001`: the prefix of the id of every experiment it owns. */
export const campaignIdSchema = z.string().regex(token).brand<'CampaignId'>();
export type CampaignId = z.infer<typeof campaignIdSchema>;

/** An experiment, for example `c001-0007` (a candidate) or `c001-b02` (a baseline). `inOrderOfSampling` sorts them. */
export const experimentIdSchema = z.string().regex(token).brand<'ExperimentId'>();
export type ExperimentId = z.infer<typeof experimentIdSchema>;

/** SHA-256 of an artifact's UTF-8 body, in lower-case hexadecimal. */
export const artifactHashSchema = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .brand<'ArtifactHash'>();
export type ArtifactHash = z.infer<typeof artifactHashSchema>;

/** Names one attempt at one piece of work; a fact that carries another token than the current one is stale and changes nothing. */
export const attemptTokenSchema = z.string().min(8).brand<'AttemptToken'>();
export type AttemptToken = z.infer<typeof attemptTokenSchema>;

export const messageIdSchema = z.uuid().brand<'MessageId'>();
export type MessageId = z.infer<typeof messageIdSchema>;

const namespace = '6f2d6c53-1b4e-5d83-9a55-7d0d5f6c1f10';

/**
 * The id of a message that follows from other facts: the same facts give the same id, so a message that is
 * published again after a crash is recognised as a duplicate by the broker and by its receivers.
 */
export function derivedMessageId(...facts: ReadonlyArray<string | number>): MessageId {
  return messageIdSchema.parse(uuidv5(facts.join('\u0000'), namespace));
}

export function attemptTokenOf(experimentId: ExperimentId, stage: string, attempt: number): AttemptToken {
  return attemptTokenSchema.parse(uuidv5(`${experimentId}\u0000${stage}\u0000${attempt}`, namespace).slice(0, 13));
}

export const campaignIdOf = (number: number): CampaignId =>
  campaignIdSchema.parse(`c${String(number).padStart(3, '0')}`);

/** The inverse of {@link campaignIdOf}. */
export const campaignNumberOf = (campaign: CampaignId): number => Number(campaign.slice(1));

export const candidateIdOf = (campaign: CampaignId, ordinal: number): ExperimentId =>
  experimentIdSchema.parse(`${campaign}-${String(ordinal).padStart(4, '0')}`);

/** A training of a stored program with a fresh seed, for example `c001-f-0007-101`: the same program and seed have the same id. */
export const confirmationRunIdOf = (campaign: CampaignId, program: string, seed: number): ExperimentId =>
  experimentIdSchema.parse(`${campaign}-f-${program}-${seed}`);

export const baselineIdOf = (campaign: CampaignId, number: number): ExperimentId =>
  experimentIdSchema.parse(`${campaign}-b${String(number).padStart(2, '0')}`);

/** Whether an experiment is the run of a baseline, where its id is all that is known of it. */
export const isBaselineId = (id: string): boolean => /^[a-z0-9]+-b\d+$/.test(id);
