#pragma once

#include <optional>
#include <string>
#include <vector>

namespace gensynth::plugin {

/// A message between this process and a helper process: a list of texts.
using Message = std::vector<std::string>;

/// Both block. False, or nothing, when the other side has ended or its data is not a message.
bool send_message(int socket, const Message& message);
std::optional<Message> receive_message(int socket);

/// How an exchange with another process ended.
enum class ExchangeEnd { replied, closed, timed_out, interrupted };

/// Sends a message and waits for the reply, in pieces, so that a process that neither reads nor answers cannot block
/// this one. `interrupted`: `other` became readable first. `socket` must not block.
ExchangeEnd exchange(int socket, const Message& message, int other, double seconds, Message& reply);

}  // namespace gensynth::plugin
