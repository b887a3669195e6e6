#include "runtime/drawing/describe.hpp"

#include <array>
#include <cstdio>

#include "architecture/cost.hpp"

namespace gensynth::drawing {
namespace {

std::string text(int number) { return std::to_string(number); }

std::string window(const Pair& pair, const char* by) { return text(pair.h) + by + text(pair.w); }

std::string stride_mark(const Pair& stride) {
  if (stride.h == 1 && stride.w == 1) return "";
  return stride.h == stride.w ? " /" + text(stride.h) : " /" + window(stride, "×");
}

int in_channels(const Architecture& net, int v) {
  return net.in_degree(v) > 0 ? net.shape(net.input(v, 0)).channels : net.shape(v).channels;
}

/// The attributes that differ from their usual values, for readers.
std::string attributes(const Architecture& net, int v) {
  return std::visit(Overloaded{
                        [&](const Convolution& o) {
                          std::string out = window(o.kernel, "x");
                          if (o.stride != Pair{}) out += ", stride " + window(o.stride, "x");
                          if (o.padding != Pair{0, 0}) out += ", padding " + window(o.padding, "x");
                          if (o.dilation != Pair{}) out += ", dilation " + window(o.dilation, "x");
                          if (o.groups > 1) out += ", " + text(o.groups) + " groups";
                          return out + (o.bias ? ", bias" : "");
                        },
                        [&](const Activation& o) { return std::string(to_string(o.kind)); },
                        [&](const Pool& o) {
                          return std::string(o.kind == PoolKind::max ? "max " : "average ") + window(o.kernel, "x") +
                                 ", stride " + window(o.stride, "x");
                        },
                        [&](const BlurPool& o) { return text(o.taps) + " taps, stride " + text(o.stride); },
                        [&](const Resize& o) {
                          const std::string mode = o.mode == ResizeMode::nearest ? "nearest" : "bilinear";
                          return o.scale > 0 ? mode + " by " + text(o.scale) : mode;
                        },
                        [&](const Split& o) { return "channels " + text(o.begin) + " to " + text(o.end - 1); },
                        [&](const ChannelShuffle& o) { return text(o.groups) + " groups"; },
                        [&](const ToTokens& o) { return "patch " + window(o.patch, "x"); },
                        [&](const FromTokens& o) { return "patch " + window(o.patch, "x"); },
                        [&](const MultiHeadAttention& o) { return text(o.heads) + " heads"; },
                        [&](const CrossCovarianceAttention& o) { return text(o.heads) + " heads"; },
                        [](const auto&) { return std::string(); },
                    },
                    net.op(v));
}

Ink convolution_ink(const Architecture& net, int v, const Convolution& op) {
  if (op.kernel == Pair{1, 1}) return Ink::pointwise;
  return op.groups > 1 && in_channels(net, v) > 1 ? Ink::depthwise : Ink::spatial;
}

struct Look {
  const char* fill;
  const char* stroke;
  const char* name;
};

const Look& look(Ink ink) {
  static constexpr std::array<Look, 14> kLooks{{
      {"#f6ad5c", "#c8751f", "condenser"},
      {"#fbe08a", "#c7a11f", "embedding"},
      {"#8cbdf0", "#3b7cc0", "expansion"},
      {"#f7c9c4", "#c2574a", "gate"},
      {"#d5deec", "#7f92b3", "1×1 convolution"},
      {"#a9bfdd", "#54739f", "k×k convolution"},
      {"#b5dcc0", "#4f9468", "depthwise or grouped"},
      {"#d3c2ea", "#8461b3", "attention"},
      {"#efcfdc", "#b46d8b", "pooling"},
      {"#9fd9d1", "#2f8f83", "blur pooling (anti-aliased)"},
      {"#c7e4f7", "#5897be", "resize"},
      {"#dcdce6", "#85859b", "linear"},
      {"#e6eaf0", "#8d99a8", "join, split, shuffle"},
      {"#f1f3f6", "#a5afbb", "other"},
  }};
  return kLooks[static_cast<std::size_t>(ink)];
}

std::string escaped(const std::string& text, const std::string& special,
                    const std::array<const char*, 5>& replacements) {
  std::string out;
  for (const char c : text) {
    const auto found = special.find(c);
    if (found != std::string::npos) {
      out += replacements[found];
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

Ink ink(const Architecture& net, int v, bool by_role) {
  switch (by_role ? net[v].placement.role : Role::none) {
    case Role::condenser:
      return Ink::condenser;
    case Role::embedding:
      return Ink::embedding;
    case Role::expansion:
      return Ink::expansion;
    default:
      break;
  }
  return std::visit(Overloaded{
                        [&](const Convolution& o) { return convolution_ink(net, v, o); },
                        [](const Pool&) { return Ink::pool; },
                        [](const GlobalPool&) { return Ink::pool; },
                        [](const BlurPool&) { return Ink::blur; },
                        [](const Resize&) { return Ink::resize; },
                        [](const Linear&) { return Ink::linear; },
                        [](const MultiHeadAttention&) { return Ink::attention; },
                        [](const CrossCovarianceAttention&) { return Ink::attention; },
                        [](const Multiply&) { return Ink::gate; },
                        [](const Add&) { return Ink::join; },
                        [](const Concat&) { return Ink::join; },
                        [](const Split&) { return Ink::join; },
                        [](const ChannelShuffle&) { return Ink::join; },
                        [](const auto&) { return Ink::quiet; },
                    },
                    net.op(v));
}

const char* fill_colour(Ink ink) { return look(ink).fill; }
const char* stroke_colour(Ink ink) { return look(ink).stroke; }
const char* ink_name(Ink ink) { return look(ink).name; }

std::string short_label(const Architecture& net, int v) {
  const std::string channels = text(net.shape(v).channels);
  return std::visit(Overloaded{
                        [&](const Input&) {
                          return "image " + channels + " × " + text(net.shape(v).height) + " × " +
                                 text(net.shape(v).width);
                        },
                        [&](const Convolution& o) {
                          const bool depthwise = o.groups > 1 && o.groups == in_channels(net, v);
                          const std::string kind = depthwise ? " dw" : o.groups > 1 ? " g" + text(o.groups) : "";
                          return window(o.kernel, "×") + kind + stride_mark(o.stride) + " → " + channels;
                        },
                        [&](const Pool& o) {
                          return std::string(o.kind == PoolKind::max ? "max " : "avg ") + window(o.kernel, "×") +
                                 stride_mark(o.stride);
                        },
                        [&](const BlurPool& o) {
                          return "blur " + text(o.taps) + stride_mark({o.stride, o.stride});
                        },
                        [&](const GlobalPool&) { return std::string("global pool"); },
                        [&](const Resize& o) {
                          const Shape& from = net.shape(net.input(v, 0));
                          const std::string to =
                              o.scale > 0 ? "×" + text(o.scale) : text(from.height) + " → " + text(net.shape(v).height);
                          return "resize " + to;
                        },
                        [&](const Linear& o) { return "linear → " + text(o.out_features); },
                        [&](const Concat&) { return "concat → " + channels; },
                        [&](const Split& o) { return "split " + text(o.begin) + "–" + text(o.end - 1); },
                        [&](const ChannelShuffle& o) { return "shuffle g" + text(o.groups); },
                        [&](const MultiHeadAttention& o) { return "attention " + text(o.heads) + " heads"; },
                        [&](const CrossCovarianceAttention& o) { return "cross-cov. " + text(o.heads) + " heads"; },
                        [&](const Activation& o) { return std::string(to_string(o.kind)); },
                        [&](const Add&) { return std::string("add"); },
                        [&](const Multiply&) { return std::string("multiply"); },
                        [&](const auto&) {
                          std::string name = operator_name(net.op(v));
                          for (char& c : name) c = c == '_' ? ' ' : c;
                          return name;
                        },
                    },
                    net.op(v));
}

std::string long_label(const Architecture& net, int v) {
  std::string out = net[v].id + ": " + operator_name(net.op(v));
  const std::string more = attributes(net, v);
  if (!more.empty()) out += " " + more;
  out += ", ";
  for (int port = 0; port < net.in_degree(v) && port < 4; ++port) {
    out += to_string(net.shape(net.input(v, port))) + (port + 1 < net.in_degree(v) ? ", " : " ");
  }
  if (net.in_degree(v) > 4) out += "... ";
  out += "-> " + to_string(net.shape(v));
  const VertexCost spent = vertex_cost(net, v);
  if (spent.params > 0) out += ", " + with_prefix(static_cast<double>(spent.params)) + " parameters";
  if (spent.macs > 0) out += ", " + with_prefix(static_cast<double>(spent.macs)) + " MACs";
  return out;
}

std::string with_prefix(double number) {
  static constexpr std::array<const char*, 4> kPrefixes{"", " k", " M", " G"};
  std::size_t prefix = 0;
  while (number >= 999.5 && prefix + 1 < kPrefixes.size()) {
    number /= 1000;
    ++prefix;
  }
  std::array<char, 32> buffer{};
  const int digits = prefix == 0 || number >= 99.95 ? 0 : number >= 9.995 ? 1 : 2;
  std::snprintf(buffer.data(), buffer.size(), "%.*f", digits, number);
  return buffer.data() + std::string(kPrefixes[prefix]);
}

std::string escape_xml(const std::string& text) {
  std::string clean;
  for (const char c : text) {  // XML does not allow control characters, even escaped
    if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t') clean += c;
  }
  return escaped(clean, "&<>\"'", {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"});
}

std::string escape_dot(const std::string& text) {
  return escaped(text, "\"\\\n\r\t", {"\\\"", "\\\\", "\\n", " ", " "});
}

}  // namespace gensynth::drawing
