#include "generator/columnar/layers.hpp"

#include <algorithm>
#include <numeric>

namespace gensynth::columnar {

int fitting_groups(int wanted, int in_channels, int out_channels) {
  const int common = std::gcd(in_channels, out_channels);
  if (wanted == 0) return common;
  int groups = std::min(wanted, common);
  while (common % groups != 0) --groups;
  return groups;
}

int condensing_padding(int extent, int stride) {
  const int half = stride / 2;
  if (stride <= 4) return half;
  // With half a window, the last one would end half a stride before the end of a map that the stride divides.
  const int beyond = (extent + stride - 1) / stride * stride - extent;
  return std::min(half, beyond + 1);
}

int Layers::extent(int v) const { return std::min(shape(v).height, shape(v).width); }

int Layers::add(Operator op, int input, Role role) {
  Placement tagged = place;
  tagged.role = role;
  return builder_.add(std::move(op), input, tagged);
}

int Layers::add(Operator op, const std::vector<int>& inputs, Role role) {
  Placement tagged = place;
  tagged.role = role;
  return builder_.add(std::move(op), inputs, tagged);
}

int Layers::convolve_padded(int v, int out_channels, int kernel, int stride, int padding, int groups, Role role) {
  Convolution convolution;
  convolution.out_channels = out_channels;
  convolution.kernel = {kernel, kernel};
  convolution.stride = {stride, stride};
  convolution.padding = {padding, padding};
  convolution.groups = groups;
  return add(BatchNorm{}, add(convolution, v, role), role);
}

int Layers::convolve(int v, int out_channels, int kernel, int stride, int groups, Role role) {
  const int x = convolve_padded(v, out_channels, kernel, stride, kernel / 2, groups, role);
  if (kernel % 2 == 1) return x;
  return convolve_padded(activate(x, role), out_channels, kernel, 1, kernel / 2 - 1, out_channels, role);
}

int Layers::project(int v, int out_channels, Role role) {
  return channels(v) == out_channels ? v : pointwise(v, out_channels, role);
}

int Layers::blur(int v, int taps, int stride, Role role) {
  const int room = extent(v);
  while (taps > 2 && room < taps / 2 + 1) taps = taps == 5 ? 3 : 2;
  return room < 2 ? v : add(BlurPool{taps, stride}, v, role);
}

int Layers::pool(int v, PoolKind kind, int stride, Role role) {
  Pool pool;
  pool.kind = kind;
  pool.kernel = {stride + 1, stride + 1};
  pool.stride = {stride, stride};
  const int padding = condensing_padding(extent(v), stride);
  pool.padding = {padding, padding};
  return add(pool, v, role);
}

int Layers::join_distinct(const std::vector<int>& vertices, Role role) {
  std::vector<int> distinct;
  for (const int v : vertices) {
    if (std::find(distinct.begin(), distinct.end(), v) == distinct.end()) distinct.push_back(v);
  }
  return distinct.size() == 1 ? distinct.front() : join(distinct, role);
}

}  // namespace gensynth::columnar
