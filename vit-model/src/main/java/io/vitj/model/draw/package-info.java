/**
 * Pictures of attention: maps in colour over the photo, with a scale, and contact sheets. Knows
 * nothing of models; the same maps make the same pixels everywhere, for neither fonts nor a display
 * are used.
 */
package io.vitj.model.draw;
