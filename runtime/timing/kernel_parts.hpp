#pragma once

#include <string>
#include <vector>

#include "architecture/architecture.hpp"

namespace gensynth::timing {

/// Which sizes the suite has of a kind.
enum class KernelSizes { maps, columns, vectors, images };

/// How the body of a microbenchmark is built. Bodies repeat their kernel a few times, each reading the one before, so
/// that no runtime can leave one out as equal to another. A kind of sizes `images` begins with a stem from an image of
/// 3 channels, at half its extent; what it builds follows that.
struct KernelPart {
  std::string kind;
  KernelSizes sizes;
  int least_px;
  int (*build)(ArchitectureBuilder& builder, int input);
};
const std::vector<KernelPart>& kernel_parts();

}  // namespace gensynth::timing
