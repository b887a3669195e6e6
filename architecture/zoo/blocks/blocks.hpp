#pragma once

#include "architecture/zoo/blocks/step.hpp"
#include "architecture/zoo/blocks/trunk.hpp"

namespace gensynth::zoo {

/// Adds one block to the trunk; `stride` is the step's for its first repeat, else 1. Attributes common to most blocks:
/// k kernel, c channels out, e expansion ratio or m expanded width, and an activation. The comment at the head
/// of each source lists the other attributes that it reads.
using BlockBuilder = void (*)(Trunk& trunk, const Step& step, int stride);

// plain.cpp: the layers of stems and heads.
void conv(Trunk& trunk, const Step& step, int stride);
void max_pool(Trunk& trunk, const Step& step, int stride);
void global_pool(Trunk& trunk, const Step& step, int stride);
void average_places(Trunk& trunk, const Step& step, int stride);
void batch_norm(Trunk& trunk, const Step& step, int stride);
void layer_norm(Trunk& trunk, const Step& step, int stride);
void fully_connected(Trunk& trunk, const Step& step, int stride);

// inverted_residual.cpp
void separable(Trunk& trunk, const Step& step, int stride);
void inverted_residual(Trunk& trunk, const Step& step, int stride);
void fused_residual(Trunk& trunk, const Step& step, int stride);

// residual.cpp
void basic_residual(Trunk& trunk, const Step& step, int stride);
void bottleneck_residual(Trunk& trunk, const Step& step, int stride);
void regnet_residual(Trunk& trunk, const Step& step, int stride);

void shuffle_unit(Trunk& trunk, const Step& step, int stride);  // shuffle.cpp
void grouped_shuffle_unit(Trunk& trunk, const Step& step, int stride);
void inception(Trunk& trunk, const Step& step, int stride);         // inception.cpp
void blaze_block(Trunk& trunk, const Step& step, int stride);       // blaze.cpp
void ghost_bottleneck(Trunk& trunk, const Step& step, int stride);  // ghost.cpp
void fire(Trunk& trunk, const Step& step, int stride);              // fire.cpp
void dense_layer(Trunk& trunk, const Step& step, int stride);       // dense.cpp
void dense_transition(Trunk& trunk, const Step& step, int stride);
void mobileone_layer(Trunk& trunk, const Step& step, int stride);  // mobileone.cpp
void mobileone_block(Trunk& trunk, const Step& step, int stride);
void mobilevit_block(Trunk& trunk, const Step& step, int stride);  // mobilevit.cpp

// edgenext.cpp
void edgenext_convolution(Trunk& trunk, const Step& step, int stride);
void edgenext_downsample(Trunk& trunk, const Step& step, int stride);
void edgenext_attention(Trunk& trunk, const Step& step, int stride);

/// A whole network from its layer table (see Step), for px x px images of three channels. The first step is the stem;
/// plain steps after the last block are the head. Throws Error naming the network and the step.
Architecture build_network(const std::string& name, int px, const std::string& table);

}  // namespace gensynth::zoo
