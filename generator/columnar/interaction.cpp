#include "generator/columnar/interaction.hpp"

#include <algorithm>
#include <numeric>

namespace gensynth::columnar {
namespace {

int total(const std::vector<int>& widths) { return std::accumulate(widths.begin(), widths.end(), 0); }

std::vector<int> widths_of(const Layers& layers, const std::vector<int>& columns) {
  std::vector<int> widths;
  for (const int v : columns) widths.push_back(layers.channels(v));
  return widths;
}

/// Cuts a map into columns of the given widths.
std::vector<int> cut(Layers& layers, int v, const std::vector<int>& widths, const std::vector<int>& numbers) {
  if (widths.size() == 1) return {v};
  std::vector<int> columns;
  int begin = 0;
  for (std::size_t c = 0; c < widths.size(); ++c) {
    layers.place.column = numbers[c];
    columns.push_back(layers.slice(v, begin, begin + widths[c], Role::transition));
    begin += widths[c];
  }
  return columns;
}

bool all_equal(const std::vector<int>& values) {
  return std::all_of(values.begin(), values.end(), [&](int value) { return value == values.front(); });
}

std::vector<int> sum_columns(Layers& layers, Reach reach, const std::vector<int>& numbers,
                             const std::vector<int>& columns) {
  const std::size_t n = columns.size();
  const std::vector<int> widths = widths_of(layers, columns);
  if ((reach == Reach::all || n == 2) && all_equal(widths)) {
    layers.place.column = -1;
    return std::vector<int>(n, layers.sum(columns, Role::mix));  // the same sum for every column
  }
  std::vector<int> mixed;
  for (std::size_t c = 0; c < n; ++c) {
    layers.place.column = numbers[c];
    std::vector<int> terms{columns[c]};
    for (std::size_t step = 1; step < (reach == Reach::all ? n : 2); ++step) {
      terms.push_back(layers.project(columns[(c + step) % n], widths[c], Role::mix));
    }
    mixed.push_back(layers.sum(terms, Role::mix));
  }
  return mixed;
}

std::vector<int> mix_columns(Layers& layers, Reach reach, const std::vector<int>& numbers,
                             const std::vector<int>& columns) {
  const std::size_t n = columns.size();
  const std::vector<int> widths = widths_of(layers, columns);
  const auto mix = [&](const std::vector<int>& parts, int width) {
    return layers.activate(layers.pointwise(layers.join(parts, Role::mix), width, Role::mix), Role::mix);
  };
  if (reach == Reach::all || n == 2) {
    layers.place.column = -1;
    return cut(layers, mix(columns, total(widths)), widths, numbers);
  }
  std::vector<int> mixed;
  for (std::size_t c = 0; c < n; ++c) {
    layers.place.column = numbers[c];
    mixed.push_back(mix({columns[c], columns[(c + 1) % n]}, widths[c]));
  }
  return mixed;
}

std::vector<int> shuffle_columns(Layers& layers, Reach reach, const std::vector<int>& numbers,
                                 const std::vector<int>& columns) {
  const std::size_t n = columns.size();
  const std::vector<int> widths = widths_of(layers, columns);
  if (reach == Reach::all || n == 2) {
    layers.place.column = -1;
    int groups = static_cast<int>(n);
    while (total(widths) % groups != 0) --groups;  // widths are not always multiples of the number of columns
    if (groups > 1) {
      return cut(layers, layers.add(ChannelShuffle{groups}, layers.join(columns, Role::mix), Role::mix), widths,
                 numbers);
    }
  }
  // Each takes the upper half of its neighbour's channels in exchange for its own, as far as both are wide.
  std::vector<int> mixed;
  for (std::size_t c = 0; c < n; ++c) {
    layers.place.column = numbers[c];
    const std::size_t other = (c + 1) % n;
    const int taken = std::max(1, std::min(widths[c], widths[other]) / 2);
    const int kept = layers.slice(columns[c], 0, widths[c] - taken, Role::mix);
    const int received = layers.slice(columns[other], widths[other] - taken, widths[other], Role::mix);
    mixed.push_back(layers.join({kept, received}, Role::mix));
  }
  return mixed;
}

}  // namespace

void interact(Layers& layers, Interaction kind, Reach reach, const std::vector<int>& numbers,
              std::vector<int>& columns) {
  if (columns.size() < 2) return;
  const Placement before = layers.place;
  switch (kind) {
    case Interaction::none:
      break;
    case Interaction::sum:
      columns = sum_columns(layers, reach, numbers, columns);
      break;
    case Interaction::concat_mix:
      columns = mix_columns(layers, reach, numbers, columns);
      break;
    case Interaction::shuffle:
      columns = shuffle_columns(layers, reach, numbers, columns);
      break;
  }
  layers.place = before;
}

std::vector<int> connect(Layers& layers, const std::vector<int>& columns, const std::vector<int>& widths) {
  const Placement before = layers.place;
  std::vector<int> next;
  if (columns.size() == widths.size()) {
    for (std::size_t c = 0; c < widths.size(); ++c) {
      layers.place.column = static_cast<int>(c);
      next.push_back(layers.project(columns[c], widths[c], Role::transition));
    }
  } else {
    std::vector<int> numbers(widths.size());
    std::iota(numbers.begin(), numbers.end(), 0);
    const int joined = layers.join_distinct(columns, Role::transition);
    next = cut(layers, layers.activate(layers.pointwise(joined, total(widths), Role::transition), Role::transition),
               widths, numbers);
  }
  layers.place = before;
  return next;
}

int downsample(Layers& layers, Downsampling kind, int v, int out_channels) {
  constexpr int kSmallestExtent = 3;
  const int stride = layers.extent(v) >= kSmallestExtent ? 2 : 1;
  const int channels = out_channels > 0 ? out_channels : layers.channels(v);
  const auto blur = [&](int taps) { return stride == 1 ? v : layers.blur(v, taps, stride, Role::downsample); };
  const auto pool = [&](PoolKind of) { return stride == 1 ? v : layers.pool(v, of, stride, Role::downsample); };
  const auto convolution = [&](int kernel) {
    return layers.activate(layers.convolve(v, channels, kernel, stride, 1, Role::downsample), Role::downsample);
  };
  switch (kind) {
    case Downsampling::blur2:
      return blur(2);
    case Downsampling::blur3:
      return blur(3);
    case Downsampling::blur5:
      return blur(5);
    case Downsampling::average_pool:
      return pool(PoolKind::average);
    case Downsampling::max_pool:
      return pool(PoolKind::max);
    case Downsampling::strided_convolution:
      return convolution(3);
    case Downsampling::strided_pointwise:
      return convolution(1);
  }
  return v;
}

}  // namespace gensynth::columnar
