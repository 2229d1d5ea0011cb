//! The faults in what people do with the system: chat, polls, calls, notifications.

use super::Fault;
use super::behaviour::{Behaviour, fault};

/// These faults.
pub(super) const FAULTS: &[Fault] = &[
    fault(
        Behaviour::NoPolls,
        "no-polls",
        "the poll feature is not there: no tables, no operations, no metrics",
        "the operations of polls answer 404; the tables polls, poll_options and poll_votes and the metrics polls_total and poll_votes_total are missing",
    ),
    fault(
        Behaviour::NoPollEvents,
        "no-poll-events",
        "a vote is counted and announced to nobody",
        "a second member's WebSocket gets no `poll` event after a vote; GET /polls/{id} shows the vote",
    ),
    fault(
        Behaviour::PollCountsTwice,
        "poll-counts-twice",
        "one user may vote again and again",
        "a second POST /polls/{id}/votes of one user answers 201 and the sum of votes is 2",
    ),
    fault(
        Behaviour::PollStaysOpen,
        "poll-stays-open",
        "a closed poll still takes votes",
        "a vote after POST /polls/{id}/close answers 201 and is counted",
    ),
    fault(
        Behaviour::NoTyping,
        "no-typing",
        "nobody is told that somebody types",
        "POST /conversations/{id}/typing answers 404 and no `typing` event arrives",
    ),
    fault(
        Behaviour::TypingNeverEnds,
        "typing-never-ends",
        "whoever began to type types for ever",
        "the event `typing` with `active: true` arrives, and none with `active: false` within 3.5 s",
    ),
    fault(
        Behaviour::TypingToStrangers,
        "typing-to-strangers",
        "people outside of the conversation learn who types in it",
        "the WebSocket of somebody who is no member gets the `typing` event",
    ),
    fault(
        Behaviour::NoReactions,
        "no-reactions",
        "messages take no reactions",
        "the operations of reactions answer 404",
    ),
    fault(Behaviour::NoSearch, "no-search", "messages cannot be searched", "GET /search answers 404"),
    fault(
        Behaviour::SearchEverywhere,
        "search-everywhere",
        "the search finds messages of conversations that are not one's own",
        "GET /search of somebody who is no member finds the message",
    ),
    fault(
        Behaviour::NoLongPoll,
        "no-long-poll",
        "there is no way to new messages but the WebSocket",
        "GET /conversations/{id}/updates answers 404",
    ),
    fault(
        Behaviour::LongPollDeaf,
        "long-poll-deaf",
        "whoever waits for updates is not woken by a message",
        "GET /conversations/{id}/updates ends empty at its limit though a message was sent meanwhile",
    ),
    fault(
        Behaviour::NoAi,
        "no-ai",
        "settings for the model exist, the operation does not",
        "POST /ai/answers answers 404 and ai_requests_total is missing",
    ),
    fault(
        Behaviour::NoAiTimeout,
        "no-ai-timeout",
        "a model that hangs is waited for without a limit of its own",
        "with a stalled model POST /ai/answers answers only at the limit of the whole request, not at AI_TIMEOUT_MS",
    ),
    fault(
        Behaviour::NoAiBreaker,
        "no-ai-breaker",
        "a model that only fails is asked every time",
        "with a failing model circuit_breaker_open{name=\"ai\"} stays 0 and the model gets every question",
    ),
    fault(
        Behaviour::PushNotSent,
        "push-not-sent",
        "notifications are never handed over",
        "the push sink gets nothing for a message to somebody offline",
    ),
    fault(
        Behaviour::PushTokensKept,
        "push-tokens-kept",
        "a token that the provider called invalid is used again",
        "after the sink answered 410 GET /push/tokens still lists the token",
    ),
    fault(
        Behaviour::PushDeleteIgnored,
        "push-delete-ignored",
        "a deleted push token is used on",
        "DELETE /push/tokens/{token} answers 204 and the sink still gets notifications for it",
    ),
    fault(
        Behaviour::NoGroupCalls,
        "no-group-calls",
        "a call has room for two",
        "the third POST /calls/{id}/join answers 409",
    ),
    fault(
        Behaviour::CallEndUnsaid,
        "call-end-unsaid",
        "the others are not told that a call is over",
        "after POST /calls/{id}/end the other's WebSocket gets no `ended` event",
    ),
    fault(
        Behaviour::CallOpenToStrangers,
        "call-open-to-strangers",
        "anybody may join a call that they know the id of",
        "POST /calls/{id}/join of somebody who was not invited answers 200",
    ),
    fault(
        Behaviour::NoCallPoll,
        "no-call-poll",
        "there is no way to signals but the WebSocket",
        "GET /calls/{id}/signals answers 405",
    ),
    fault(
        Behaviour::HistoryLost,
        "history-lost",
        "what was said while a client was away is lost to it",
        "a `resume` after a reconnect brings no messages, though GET messages lists them",
    ),
    fault(
        Behaviour::PagingBroken,
        "paging-broken",
        "every page of the history is the newest page",
        "GET messages with `before` lists the same messages again",
    ),
    fault(
        Behaviour::PresenceNotRestored,
        "presence-not-restored",
        "whoever reconnects stays offline",
        "GET /presence/{user} says offline after a second connect",
    ),
    fault(
        Behaviour::PresenceNotResynced,
        "presence-not-resynced",
        "after Redis returned, those who stayed connected stay offline",
        "GET /presence/{user} says offline after Redis was restarted under an open WebSocket",
    ),
    fault(
        Behaviour::PresenceLies,
        "presence-lies",
        "without Redis presence says offline instead of unknown",
        "while Redis is down GET /presence/{user} says `offline` with `degraded: false`",
    ),
];
