import { signaling } from "@fermata/contract";
import type { TRPCRouterRecord, TrackedEnvelope } from "@trpc/server";
import { z } from "zod";
import { adminProcedure, publicProcedure, userProcedure } from "../trpc";
import { issueIceServers } from "./turn/issue-ice-servers";
import { readTurnUsage } from "./turn/read-turn-usage";
import { closeRoom } from "./verbs/close-room";
import { createRoom } from "./verbs/create-room";
import { followRoom } from "./verbs/follow-room";
import { followRooms } from "./verbs/follow-rooms";
import { joinRoom } from "./verbs/join-room";
import { kickPeer } from "./verbs/kick-peer";
import { leaveRoom } from "./verbs/leave-room";
import { listPeers } from "./verbs/list-peers";
import { listRooms } from "./verbs/list-rooms";
import { prepareJoin } from "./verbs/prepare-join";
import { pullMessages } from "./verbs/pull-messages";
import { readRoomActivity } from "./verbs/read-room-activity";
import { rotateInvite } from "./verbs/rotate-invite";
import { sendMessages } from "./verbs/send-messages";

// A stream's output is the stream; what it yields is the contract's by type, and not parsed again for every reader.
const eventStream =
  z.custom<
    AsyncGenerator<TrackedEnvelope<z.output<typeof signaling.messages.output>>, void, undefined>
  >();

const eventStreamOfMany =
  z.custom<AsyncGenerator<z.output<typeof signaling.messagesOfMany.output>, void, undefined>>();

// Whoever sits in a room has a room token and perhaps no account: the verbs say who may do what.
export const signalingRouter = {
  createRoom: userProcedure
    .input(signaling.createRoom.input)
    .output(signaling.createRoom.output)
    .mutation(({ ctx, input }) => createRoom(ctx, input)),
  prepare: publicProcedure
    .input(signaling.prepare.input)
    .output(signaling.prepare.output)
    .mutation(({ ctx, input }) => prepareJoin(ctx, input)),
  join: publicProcedure
    .input(signaling.join.input)
    .output(signaling.join.output)
    .mutation(({ ctx, input }) => joinRoom(ctx, input)),
  send: publicProcedure
    .input(signaling.send.input)
    .output(signaling.send.output)
    .mutation(({ ctx, input }) => sendMessages(ctx, input)),
  messages: publicProcedure
    .input(signaling.messages.input)
    .output(eventStream)
    .subscription(({ ctx, input, signal }) => followRoom(ctx, input, signal)),
  messagesOfMany: publicProcedure
    .input(signaling.messagesOfMany.input)
    .output(eventStreamOfMany)
    .subscription(({ ctx, input, signal }) => followRooms(ctx, input, signal)),
  pull: publicProcedure
    .input(signaling.pull.input)
    .output(signaling.pull.output)
    .query(({ ctx, input }) => pullMessages(ctx, input)),
  leave: publicProcedure
    .input(signaling.leave.input)
    .output(signaling.leave.output)
    .mutation(({ ctx, input }) => leaveRoom(ctx, input)),
  peers: publicProcedure
    .input(signaling.peers.input)
    .output(signaling.peers.output)
    .query(({ ctx, input }) => listPeers(ctx, input)),
  turnConfig: publicProcedure
    .input(signaling.turnConfig.input)
    .output(signaling.turnConfig.output)
    .query(({ ctx, input }) => issueIceServers(ctx, input)),
  rooms: userProcedure
    .input(signaling.rooms.input)
    .output(signaling.rooms.output)
    .query(({ ctx, input }) => listRooms(ctx, input)),
  kick: publicProcedure
    .input(signaling.kick.input)
    .output(signaling.kick.output)
    .mutation(({ ctx, input }) => kickPeer(ctx, input)),
  rotateInvite: publicProcedure
    .input(signaling.rotateInvite.input)
    .output(signaling.rotateInvite.output)
    .mutation(({ ctx, input }) => rotateInvite(ctx, input)),
  closeRoom: publicProcedure
    .input(signaling.closeRoom.input)
    .output(signaling.closeRoom.output)
    .mutation(({ ctx, input }) => closeRoom(ctx, input)),
  activity: userProcedure
    .output(signaling.activity.output)
    .query(({ ctx }) => readRoomActivity(ctx)),
  turnUsage: adminProcedure
    .output(signaling.turnUsage.output)
    .query(({ ctx }) => readTurnUsage(ctx)),
} satisfies TRPCRouterRecord;
