#pragma once

#include "architecture/operators.hpp"

namespace gensynth {

// The attributes of every operator, in one place for writer, reader and hash: attributes(tag, visit) calls
// visit(JSON key, pointer to member, presence). An operator without an overload does not compile.

/// Whether the writer omits an attribute that has its default value, and whether the reader requires it.
enum class Presence {
  optional,  ///< omitted at the default
  written,   ///< always written, optional to read
  required   ///< always written, and required by the reader
};

template <class Op>
struct OperatorTag {};

template <class V>
void attributes(OperatorTag<Input>, V&&) {}

template <class V>
void attributes(OperatorTag<Convolution>, V&& visit) {
  visit("out", &Convolution::out_channels, Presence::required);
  visit("kernel", &Convolution::kernel, Presence::optional);
  visit("stride", &Convolution::stride, Presence::optional);
  visit("padding", &Convolution::padding, Presence::optional);
  visit("dilation", &Convolution::dilation, Presence::optional);
  visit("groups", &Convolution::groups, Presence::optional);
  visit("bias", &Convolution::bias, Presence::optional);
}

template <class V>
void attributes(OperatorTag<BatchNorm>, V&& visit) {
  visit("eps", &BatchNorm::eps, Presence::optional);
}

template <class V>
void attributes(OperatorTag<LayerNorm>, V&& visit) {
  visit("eps", &LayerNorm::eps, Presence::optional);
}

template <class V>
void attributes(OperatorTag<Activation>, V&& visit) {
  visit("kind", &Activation::kind, Presence::written);
}

template <class V>
void attributes(OperatorTag<Pool>, V&& visit) {
  visit("kind", &Pool::kind, Presence::written);
  visit("kernel", &Pool::kernel, Presence::optional);
  visit("stride", &Pool::stride, Presence::optional);
  visit("padding", &Pool::padding, Presence::optional);
  visit("ceil_mode", &Pool::ceil_mode, Presence::optional);
  visit("count_include_pad", &Pool::count_include_pad, Presence::optional);
}

template <class V>
void attributes(OperatorTag<BlurPool>, V&& visit) {
  visit("taps", &BlurPool::taps, Presence::written);
  visit("stride", &BlurPool::stride, Presence::optional);
}

template <class V>
void attributes(OperatorTag<GlobalPool>, V&&) {}

template <class V>
void attributes(OperatorTag<Resize>, V&& visit) {
  visit("mode", &Resize::mode, Presence::written);
  visit("scale", &Resize::scale, Presence::optional);
}

template <class V>
void attributes(OperatorTag<Add>, V&&) {}

template <class V>
void attributes(OperatorTag<Multiply>, V&&) {}

template <class V>
void attributes(OperatorTag<Concat>, V&&) {}

template <class V>
void attributes(OperatorTag<Split>, V&& visit) {
  visit("begin", &Split::begin, Presence::written);
  visit("end", &Split::end, Presence::required);
}

template <class V>
void attributes(OperatorTag<ChannelShuffle>, V&& visit) {
  visit("groups", &ChannelShuffle::groups, Presence::written);
}

template <class V>
void attributes(OperatorTag<Linear>, V&& visit) {
  visit("out", &Linear::out_features, Presence::required);
  visit("bias", &Linear::bias, Presence::optional);
}

template <class V>
void attributes(OperatorTag<ToTokens>, V&& visit) {
  visit("patch", &ToTokens::patch, Presence::optional);
}

template <class V>
void attributes(OperatorTag<FromTokens>, V&& visit) {
  visit("patch", &FromTokens::patch, Presence::optional);
}

template <class V>
void attributes(OperatorTag<MultiHeadAttention>, V&& visit) {
  visit("heads", &MultiHeadAttention::heads, Presence::written);
  visit("qkv_bias", &MultiHeadAttention::qkv_bias, Presence::optional);
}

template <class V>
void attributes(OperatorTag<CrossCovarianceAttention>, V&& visit) {
  visit("heads", &CrossCovarianceAttention::heads, Presence::written);
  visit("qkv_bias", &CrossCovarianceAttention::qkv_bias, Presence::optional);
}

template <class V>
void attributes(OperatorTag<PositionalEncoding>, V&& visit) {
  visit("hidden", &PositionalEncoding::hidden, Presence::optional);
}

template <class V>
void attributes(OperatorTag<Scale>, V&& visit) {
  visit("per_channel", &Scale::per_channel, Presence::optional);
  visit("initial", &Scale::initial, Presence::optional);
}

template <class V>
void attributes(OperatorTag<Zero>, V&&) {}

template <class V>
void attributes(OperatorTag<Dropout>, V&& visit) {
  visit("rate", &Dropout::rate, Presence::optional);
}

}  // namespace gensynth
