/** Upstreams that speak OpenAI's Images protocol: asked once, within limits, their answers judged and kept whole. */
package dev.imagerelay.adapters.upstream;
