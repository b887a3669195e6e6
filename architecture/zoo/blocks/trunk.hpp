#pragma once

#include <initializer_list>
#include <optional>
#include <string>

#include "architecture/architecture.hpp"

namespace gensynth::zoo {

/// The layer that most reference networks consist of: convolution, batch norm, activation.
struct ConvNormAct {
  int out = 0;  ///< 0: as many channels as come in
  int kernel = 1;
  int stride = 1;
  int groups = 1;  ///< 0: depthwise
  bool bias = false;
  bool norm = true;
  std::optional<int> padding = std::nullopt;  ///< kernel / 2 unless given
  std::optional<ActivationKind> act = std::nullopt;
};

/// A network while blocks are added to it: the builder, its last vertex, and the placement of that. A stage begins with
/// every spatial downsampling.
class Trunk {
 public:
  Trunk(std::string name, int channels, int px);

  int at() const { return at_; }
  int channels(int v) const { return builder_.shape(v).channels; }
  int channels() const { return channels(at_); }
  const Shape& shape(int v) const { return builder_.shape(v); }

  void begin_block(int stride);
  void end_block(int v) { at_ = v; }
  /// If not `none`, the role of every vertex that is added: all vertices of the stem, or of the head, have one role.
  void set_section(Role role) { section_ = role; }

  int add(Operator op, int input, Role role = Role::none);
  int add(Operator op, std::initializer_list<int> inputs, Role role = Role::none);
  int add(Operator op, const std::vector<int>& inputs, Role role = Role::none);
  int activate(int from, std::optional<ActivationKind> kind, Role role = Role::none);
  int convolve(int from, const ConvNormAct& layer, Role role = Role::none);
  /// 1x1 convolution with bias, no norm, no activation.
  int project(int from, int out, Role role = Role::none);
  /// from + body, where a residual network joins them.
  int add_residual(int from, int body);

  Architecture build() { return builder_.build(at_); }

 private:
  ArchitectureBuilder builder_;
  Placement place_{.stage = 0, .block = -1};
  Role section_ = Role::none;
  int at_ = 0;
};

}  // namespace gensynth::zoo
