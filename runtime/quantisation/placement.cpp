#include "runtime/quantisation/placement.hpp"

#include "architecture/base/error.hpp"

namespace gensynth::quantisation {
namespace {

template <class Kind>
bool is(const Operator& op) {
  return std::holds_alternative<Kind>(op);
}

/// Why an operator is computed in float32; "" for integers.
std::string reason_of(const Operator& op) {
  return std::visit(
      Overloaded{
          [](const LayerNorm&) { return std::string("its squares and their mean need more than 8 bits"); },
          [](const MultiHeadAttention&) { return std::string("the exponents of its softmax need more than 8 bits"); },
          [](const CrossCovarianceAttention&) {
            return std::string("the lengths that it divides by need more than 8 bits");
          },
          [](const PositionalEncoding&) { return std::string("it adds a constant with a range of its own"); },
          [](const BatchNorm&) { return std::string("there is no layer before it that it could be folded into"); },
          [](const Zero&) { return std::string("it is a constant"); },
          [](const auto&) { return std::string(); },
      },
      op);
}

bool is_relu(const Operator& op) {
  const auto* activation = std::get_if<Activation>(&op);
  return activation != nullptr &&
         (activation->kind == ActivationKind::relu || activation->kind == ActivationKind::relu6);
}

bool moves_values(const Operator& op) {
  return is<Split>(op) || is<ChannelShuffle>(op) || is<ToTokens>(op) || is<FromTokens>(op) || is<Resize>(op) ||
         is<Pool>(op);
}

/// The ReLU that is computed together with `v`, or -1.
int fused_relu(const Architecture& net, int v) {
  const Operator& op = net.op(v);
  const bool suits = is<Convolution>(op) || is<Linear>(op) || is<Add>(op) || is<Multiply>(op) || is<Scale>(op);
  if (!suits || net.out_degree(v) != 1 || v == net.output()) return -1;
  const int user = *net.users(v).begin();
  return is_relu(net.op(user)) ? user : -1;
}

void check_kept(const Architecture& net, const std::set<std::string>& keep) {
  std::vector<std::string> ids;
  for (int v = 1; v < net.size(); ++v) ids.push_back(net[v].id);
  for (const std::string& id : keep) {
    int found = -1;
    for (int v = 1; v < net.size(); ++v) found = net[v].id == id ? v : found;
    if (found < 0) {
      throw Error("vertex '" + id + "' to keep in float32: the deployed network has none of this name" +
                  suggestion(id, ids));
    }
    if (moves_values(net.op(found)) || is<Dropout>(net.op(found))) {
      throw Error("vertex '" + id + "' to keep in float32 only moves values; expected one that computes");
    }
    if (is_relu(net.op(found))) {
      const int from = net.input(found, 0);
      if (fused_relu(net, from) == found || keeps_encoding(net, found)) {
        throw Error("vertex '" + id + "' to keep in float32 is computed together with '" + net[from].id + "'");
      }
    }
  }
}

}  // namespace

bool keeps_encoding(const Architecture& network, int vertex) {
  const Operator& op = network.op(vertex);
  if (moves_values(op)) return true;
  // Runtimes compute this ReLU together with the pool.
  const int from = vertex > 0 ? network.input(vertex, 0) : 0;
  return is_relu(op) && is<Pool>(network.op(from)) && network.out_degree(from) == 1;
}

std::vector<Place> placement(const Architecture& network, const std::set<std::string>& keep) {
  check_kept(network, keep);
  std::vector<Place> places(static_cast<std::size_t>(network.size()));
  for (int v = 1; v < network.size(); ++v) {
    Place& place = places[static_cast<std::size_t>(v)];
    place.reason = keep.contains(network[v].id) ? "the user keeps it" : reason_of(network.op(v));
    place.integer = place.reason.empty();
    const int from = network.input(v, 0);
    if (place.integer && from > 0 && fused_relu(network, from) == v &&
        !places[static_cast<std::size_t>(from)].integer) {
      place.reason = "it is computed together with '" + network[from].id + "'";
      place.integer = false;
    }
  }
  for (int v = 0; v < network.size(); ++v) {
    Place& place = places[static_cast<std::size_t>(v)];
    bool read = false;  // by integers
    for (const int user : network.users(v)) read = read || places[static_cast<std::size_t>(user)].integer;
    place.fused = place.integer && read && fused_relu(network, v) >= 0;
    place.stored = (place.integer || read) && !place.fused;
  }
  return places;
}

}  // namespace gensynth::quantisation
