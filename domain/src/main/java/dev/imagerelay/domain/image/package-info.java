/** What is ordered and what is delivered: models, sizes, qualities and counts, in the field's own terms. */
package dev.imagerelay.domain.image;
